"""Fictional titles and texts for as many documents as asked for, each by its ordinal."""

from __future__ import annotations

from datetime import date

AREAS = (
    "老旧小区加装电梯", "电动自行车停放充电", "养老服务设施建设", "农村人居环境整治", "城市更新项目", "稳就业促创业", "生活垃圾分类",
    "河湖长制", "地方储备粮轮换", "公共租赁住房分配", "中小微企业纾困", "道路停车泊位", "气象灾害防御", "户外广告设施", "历史建筑保护利用",
    "残疾人就业保障", "耕地保护责任", "数字乡村建设", "餐厨废弃物处置", "物业服务质量", "临时救助", "高层次人才住房", "节约用水",
    "农村公路养护", "科技创新券", "集贸市场", "义务教育招生入学", "校园食品安全", "特种设备安全", "企业信用修复", "知识产权质押",
    "农贸市场计量", "村级集体资产", "农村宅基地审批", "秸秆综合利用", "乡村旅游民宿", "水库安全度汛", "农产品产地准出", "古树名木保护",
    "既有住宅燃气安全", "低空经济发展", "公共数据开放", "殡葬服务设施", "冷链物流体系", "小型水利工程",
)  # fmt: skip
FORMS = ("管理办法", "实施方案", "实施细则", "若干措施", "工作规程", "考核办法", "三年行动计划", "奖补办法")
_NEWS = (
    "{place}召开{area}工作推进会", "{place}领导调研{area}工作", "{place}部署{area}专项行动", "{area}工作取得新进展", "{place}举办{area}业务培训班",
    "{place}开展{area}政策宣传周活动", "{place}代表视察{area}工作", "{area}现场会在{place}召开", "{place}：{area}惠及千家万户",
    "{place}一线工作者走进{area}项目", "聚焦{area} {place}跑出加速度",
)  # fmt: skip
_NOTICES = (
    "关于{area}项目申报的通知", "关于公开征集{area}意见建议的公告", "关于{area}资金分配结果的公示", "关于开展{area}专项检查的通告",
    "{place}{area}招标结果公告", "关于{area}窗口临时停办业务的提示", "关于拟认定{area}示范单位名单的公示",
)  # fmt: skip
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
_GIVEN = ("某某", "某甲", "某乙", "某丙", "某丁", "某戊", "某己", "某庚", "某辛", "某壬")
_TOPICS = ("综合政务", "城乡建设、环境保护", "民政、扶贫、救灾", "农业、林业、水利", "科技、教育", "财政、金融、审计")
_CLAUSES = (
    "为贯彻落实上级决策部署，规范{area}工作，保障群众合法权益，根据有关法律、法规和规章，结合本地实际，制定本文件。",
    "一、总体要求。坚持以人民为中心的发展思想，聚焦群众急难愁盼问题，健全{area}工作机制，压实各方责任，确保各项任务落地见效。",
    "二、重点任务。（一）摸清底数，建立台账。（二）明确责任单位和完成时限，实行销号管理。（三）加强部门协同和信息共享，优化办理流程，精简申报材料。",
    "三、适用范围。本文件适用于本行政区域内从事{area}及相关活动的单位和个人，法律、法规另有规定的，从其规定。",
    "四、保障措施。加强组织领导，强化督促检查，落实资金保障，做好宣传引导，工作进展情况每季度报送一次。",
    "五、附则。本文件自印发之日起施行，有效期五年，由牵头单位负责解释。此前有关规定与本文件不一致的，以本文件为准。",
)
_READING = (
    "一、起草背景。近年来群众对{area}关注度较高，原有规定已难以适应新情况，有必要作出调整。",
    "二、主要内容。文件共分五个部分，明确了适用范围、办理条件、办理流程和监督管理要求。",
    "三、新旧差异。与原规定相比，精简申报材料三项，办理时限由十五个工作日压缩至七个工作日。",
    "四、注意事项。申请人可到政务服务大厅窗口或者通过网上办事大厅办理，咨询电话0000-00000000。",
)
_STORY = (
    "活动现场，工作人员围绕群众关心的{area}问题进行了讲解，并发放宣传资料二百余份。",
    "会议强调，要坚持问题导向，细化工作举措，强化跟踪问效，推动{area}各项任务落到实处。",
    "下一步，将持续巩固工作成效，不断提升服务水平，增强群众的获得感、幸福感、安全感。",
)
GUIDE = (
    "为便于公民、法人和其他组织获取政府信息，根据《中华人民共和国政府信息公开条例》，编制本指南。",
    "一、公开范围。本机关主动公开的信息范围参见主动公开基本目录。二、公开形式。通过政府网站、政府公报、档案馆、图书馆公开。",
    "三、公开时限。自政府信息形成或者变更之日起20个工作日内公开。四、依申请公开。可当面、邮寄或者在线提交申请。",
    "五、受理机构：政务公开办公室；地址：示例路1号；办公时间：工作日9:00—12:00、14:00—17:30；电话：0000-00000000。",
    "（本指南更新日期：2025年12月10日）",
)
DUTIES = (
    "（一）贯彻执行国家法律法规和上级决策部署，拟订本辖区（行业）工作规划并组织实施。",
    "（二）负责本辖区（行业）公共服务、安全生产和应急管理工作，承办上级交办的其他事项。",
    "（三）内设机构：办公室、综合科、政策法规科、监督检查科。",
    "办公地址：示例路1号；办公时间：工作日9:00—12:00、14:00—17:30；联系电话：0000-00000000；负责人：周某某。",
)
CATALOGUE = (
    "本目录按照《中华人民共和国政府信息公开条例》第二十条、第二十一条编制，列明主动公开的事项、内容、时限、形式和责任单位。",
    "一、机构职能：机关职能、内设机构、办公地址、办公时间、联系方式、负责人姓名；形成或者变更后20个工作日内公开；责任单位：办公室。",
    "二、政策文件：规章、规范性文件和其他政策文件及其解读；印发后5个工作日内公开；责任单位：各起草单位。",
    "三、财政预算、决算：经批准后20日内公开；责任单位：财务司。四、人事信息：考录、任免；责任单位：人事司。更新日期：2026年9月1日。",
)
POWERS = (
    "权责清单（2026年版）。本清单列明本机关的行政许可、行政处罚、行政检查等权责事项及其设定依据、责任事项和监督方式。",
    "一、行政许可：从业资格许可，依据《模拟条例》第十条，责任司局：综合司；监督电话：0000-00000000。",
    "二、行政处罚：对未经许可从事活动的处罚，依据《模拟条例》第三十条；三、行政检查：对从业单位的检查，依据《模拟条例》第二十条。2026年8月20日调整。",
)
LEADERS = (
    "主要负责人：周某某，主持全面工作，负责财政、审计方面工作。",
    "分管负责人：郑某某，负责政务公开、政务服务、信访方面工作，协助分管办公室。",
    "分管负责人：卫某某，负责农业农村、自然资源、水利、应急管理方面工作。",
)


def area(n: int) -> str:
    return AREAS[n % len(AREAS)]


def topic(n: int) -> str:
    return _TOPICS[n % len(_TOPICS)]


def policy_name(place: str, n: int) -> str:
    """The name between the brackets; every ordinal has its own."""
    round_, form = divmod(n // len(AREAS), len(FORMS))
    return f"{place}{area(n)}{FORMS[form]}" + (f"（第{round_ + 1}次修订）" if round_ else "")


def policy_title(unit: str, place: str, n: int) -> str:
    return f"{unit}关于印发《{policy_name(place, n)}》的通知"


def personnel_title(unit: str, n: int) -> str:
    rest, given = divmod(n // len(_SURNAMES), len(_GIVEN))
    return f"{unit}关于{_SURNAMES[n % len(_SURNAMES)]}{_GIVEN[given]}等同志职务任免的通知" + (f"（{rest + 1}）" if rest else "")


def interpretation_title(place: str, n: int, *, pictured: bool) -> str:
    """The title of an interpretation; `pictured`: more than half of them are no plain texts."""
    name = policy_name(place, n)
    if pictured:
        return ("《{}》政策解读", "图解：{}", "一图读懂《{}》")[n % 3].format(name)
    shapes = ("《{}》政策解读", "政策解读：{}", "图解：{}", "一图读懂《{}》", "《{}》答记者问", "【图文解读】{}", "{}解读")
    return shapes[n % len(shapes)].format(name)


def news_title(place: str, n: int) -> str:
    round_, shape = divmod(n // len(AREAS), len(_NEWS))
    return _NEWS[(shape + n) % len(_NEWS)].format(place=place, area=area(n)) + (f"（{round_ + 1}）" if round_ else "")


def notice_title(place: str, n: int) -> str:
    round_, shape = divmod(n // len(AREAS), len(_NOTICES))
    return _NOTICES[(shape + n) % len(_NOTICES)].format(place=place, area=area(n)) + (f"（第{round_ + 2}号）" if round_ else "")


def budget_title(short: str, n: int, year: int) -> str:
    return f"{short}{year}年{'第' + str(n // 2 + 1) + '批' if n > 1 else ''}部门{'预算' if n % 2 else '决算'}公开"


def policy_body(title: str, n: int) -> tuple[str, ...]:
    return (
        "各镇人民政府，各有关单位：",
        f"现将有关事项印发给你们，请认真贯彻执行。（{title}）",
        *(one.format(area=area(n)) for one in _CLAUSES[: 4 + n % 3]),
    )


def personnel_body(title: str) -> tuple[str, ...]:
    return (f"{title}。", "经研究决定，上述同志职务任免自即日起执行。特此通知。")


def reading_body(issuer: str, title: str, number: str | None, n: int) -> tuple[str, ...]:
    quoted = f"（{number}）" if number and n % 2 else ""
    return (f"近日，{issuer}发布了《{title}》{quoted}，现就有关内容解读如下。", *(one.format(area=area(n)) for one in _READING))


def story_body(title: str, day: date, n: int) -> tuple[str, ...]:
    turned = _STORY[n % 3 :] + _STORY[: n % 3]
    return (f"{day.month}月{day.day}日，{title}。", *(one.format(area=area(n)) for one in turned))


def notice_body(title: str) -> tuple[str, ...]:
    return (f"{title}。现将有关事项公告如下：", "如有异议，请于公示期内以书面形式向本机关反映，联系电话0000-00000000。")
