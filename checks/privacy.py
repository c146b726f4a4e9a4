"""Rules on personal data that stand open on a page. What is told is the kind, the count and the place, never the value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from checks.blemishes import Blemish, blemishes
from checks.clocks import civil
from checks.personal import NOTHING, Scan, Spot, cells_before, is_masked_name, is_name, names_by, scan, tokens
from checks.registry import Outcome, check
from checks.scope import title_of
from checks.shared import per_view
from data.catalogue import Rule
from data.records import Document, DocumentReading, Measure, Severity, Status
from data.text import bare
from data.view import SiteView

_LONG_NUMBER = re.compile(r"\d{11,}[Xx]?")
_PUNITIVE = re.compile("失信|被执行人|限制(高)?消费|悬赏|通缉|协查|在逃|吊销|行政处罚决定|公告送达|催告|追逃")

Look = Callable[[Document, DocumentReading, Scan], Blemish | None]


def _text_of(reading: DocumentReading) -> str:
    """All that a page says: title, text, fields, names of files."""
    return "\n".join(
        (reading.body, reading.title or "", *(field.value for field in reading.fields), *(item.name for item in reading.attachments))
    )


@per_view
def _scans(view: SiteView) -> dict[int, Scan]:
    """What one pass over each reading found, by the reading's identity: readings live as long as their view."""
    latest = civil(view.as_of)
    found: dict[int, Scan] = {}
    for document in view.documents:
        for reading in (document.reading, *(version.reading for version in document.earlier)):
            if hit := scan(_text_of(reading), latest):
                found[id(reading)] = hit
    return found


def _judge(view: SiteView, look: Look) -> Iterator[Outcome]:
    """Judge every document; no number stands in the title that a verdict repeats."""
    scans = _scans(view)
    for outcome in blemishes(view, view.documents, lambda document, reading: look(document, reading, scans.get(id(reading), NOTHING))):
        title = _LONG_NUMBER.sub("（号码略）", outcome.subject.title)
        yield outcome if title == outcome.subject.title else replace(outcome, subject=replace(outcome.subject, title=title))


def _places(spots: Sequence[Spot]) -> str:
    return "、".join(f"第{spot.at + 1}字" for spot in spots[:5]) + ("等处" if len(spots) > 5 else "处")


def _found(reason: str, kind: str, spots: Sequence[Spot], *, severity: Severity | None = None, status: Status = Status.FAIL) -> Blemish:
    note = f"页面文字{_places(spots)}见{kind}，共{len(spots)}个"
    return Blemish(reason, note, {"count": len(spots)}, Measure(len(spots), "number"), severity=severity, status=status)


@check("privacy-id-numbers")
def id_numbers(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """个人信息保护法 第二十五条, 条例 第十五条, 吉林高新 三(六): no full identity number on a page."""

    def look(document: Document, reading: DocumentReading, found: Scan) -> Blemish | None:
        if found.ids and _PUNITIVE.search(bare(title_of(document))):
            return _found("disciplinary", "身份证号码", found.ids, status=Status.INCONCLUSIVE)
        if found.ids:
            return _found("unmasked", "身份证号码", found.ids)
        if found.half_masked:
            return _found("half-masked", "出生日期和末四位均未遮盖的身份证号码", found.half_masked, severity=Severity.MINOR)
        return None

    yield from _judge(view, look)


# --- mobile numbers ---------------------------------------------------------------------------

_CONTACT = re.compile("(联系|咨询|监督|举报|投诉|报名|服务|值班|热线|电话|手机|负责人|经办)[^\n]{0,14}[:：][^\n:：]{0,16}$")
_OFFICIAL = re.compile(
    "河长|湖长|林长|田长|路长|链长|警长|值班|值守|责任人|负责人|联系人|联系方式|通讯录|电话(表|一览|号码|公布)|网格|驻村|包保|包联|工作队|第一书记|干部|工作人员|执法人员|医生|医师|护士|律师"
    "|调解|法律顾问|公证|仲裁员|企业|公司|门店|网点|机构|医院|药店|学校|幼儿园|驾校|旅行社|酒店|民宿|合作社|经销|中介|供应商|商户|维修|家政|养老院|服务站|服务中心|便民|咨询|投诉|举报|监督"
    "|招商|指南|热线|防汛|地质灾害|水库|安全生产|巡查|护林员|联络员|信息员|监测(员|人)|经纪人|技术员|专家|代表委员|政协委员|人大代表"
    "|许可|经营|食品|药品|市场主体|个体|超市|餐饮|农家乐|宾馆|施工|监理|招标|中标|成交|采购|比选|询价|拍卖|环评|环境影响|工程|办学|行政执法"
)
_SURELY_PRIVATE = re.compile(
    "补贴|补助|救助|低保|残疾|考生|学生|农户|录用|录取|获奖|公租房|保障房|廉租|贫困|脱贫户|退役|摇号|面试|笔试|体检"
)
_PRIVATE = re.compile(
    "名单|花名册|公示|申请|补贴|补助|救助|低保|特困|五保|残疾|贫困|脱贫|帮扶|廉租|公租房|保障房|住房|危房|录取|录用|考生|面试|笔试|体检|学员|获奖|中奖|捐款|志愿|参保|退役|优抚|移民|搬迁|拆迁|征收|征地"
    "|种粮|农户|农民|群众|户主|受益|奖学|助学|学生|家长|老年|高龄|津贴|抚恤|就业困难|见习|培训|承租|摇号|信访|疫苗|密接|确诊|隔离|人员(信息|名册|汇总|情况)|登记表|汇总表|统计表|明细表"
)
_PRIVATE_HEADS = frozenset(
    [
        "户主",
        "户主姓名",
        "家庭住址",
        "住址",
        "身份证号",
        "身份证号码",
        "身份证",
        "性别",
        "年龄",
        "出生年月",
        "学历",
        "民族",
        "申请人",
        "补贴金额",
        "发放金额",
        "家庭人口",
        "考生姓名",
        "准考证号",
        "学生姓名",
    ]
)
_BUSINESS_HEADS = frozenset(
    [
        "法定代表人",
        "企业名称",
        "单位名称",
        "经营者名称",
        "机构名称",
        "负责人",
        "统一社会信用代码",
        "商户名称",
        "门店名称",
        "值班人员",
        "职务",
    ]
)
_LABEL_CELL = re.compile("^.{0,6}(联系|电话|手机|热线|联系方式|联系电话|手机号码?|联系人电话)[:：]?$")
_ADDRESS = re.compile(
    r"\d+(号楼|栋|幢)\S{0,8}\d+[室户]|\d+单元\S{0,4}\d+[室户]?|[路街巷道]\d+号\S{0,10}\d+室|[村屯庄]\S{0,4}\d+组\d+号|\d+组\d+[号户]"
)


def _is_contact(text: str, spot: Spot) -> bool:
    """Whether a number is given as a contact: behind 联系人：…，电话：, or in the cell behind one that says 联系电话."""
    if _CONTACT.search(text[max(0, spot.at - 40) : spot.at]):
        return True
    before = cells_before(text, spot, 0, most=1)
    return bool(before) and bool(_LABEL_CELL.match(before[-1].text))


@check("privacy-phone-numbers")
def phone_numbers(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """吉林高新 三(六) 依法保护好相关人员个人信息: no list of private persons with their mobile numbers or their homes."""
    least, strict = int(rule.params["least_pairs"]), bool(rule.params["staff_numbers_count"])

    def look(document: Document, reading: DocumentReading, found: Scan) -> Blemish | None:
        if not found.mobiles and "住址" not in reading.body:
            return None
        title, text = bare(title_of(document)), _text_of(reading)
        cells = {token.text for token in tokens(text)}
        heads = cells & _PRIVATE_HEADS
        official = not strict and not _SURELY_PRIVATE.search(title) and bool(_OFFICIAL.search(title) or cells & _BUSINESS_HEADS)
        pairs = [spot for spot, named in names_by(text, found.mobiles) if named and (strict or not _is_contact(text, spot))]
        if len(pairs) >= least and not official:
            private = strict or bool(_PRIVATE.search(title)) or bool(heads)
            return _found("list" if private else "whose", "姓名与手机号码", pairs, status=Status.FAIL if private else Status.INCONCLUSIVE)
        if pairs and not official and _PRIVATE.search(title):
            return _found("single", "姓名与手机号码", pairs, status=Status.INCONCLUSIVE)
        homes = [Spot(match.start(), match.end()) for match in _ADDRESS.finditer(text)] if heads & {"家庭住址", "住址"} else []
        named = sum(is_name(token.text) for token in tokens(text)) if len(homes) >= least else 0
        return _found("addresses", "具体到门牌的家庭住址", homes) if named >= least and not official else None

    yield from _judge(view, look)


# --- bank accounts ----------------------------------------------------------------------------

_ACCOUNT = re.compile("账号|帐号|卡号|银行卡|一卡通|社保卡|账户|帐户|存折")
_PUBLIC_USE = re.compile(
    "缴款|缴费|缴纳|缴至|缴入|汇款|汇入|汇至|收款|执收|捐赠|捐款|募捐|保证金|非税|对公|转账至|存入|财政专户|基本户|指定账户|交至"
)
_UNIT = re.compile(
    "(公司|厂|店|合作社|局|中心|学校|小学|中学|幼儿园|医院|卫生院|委员会|村委会|居委会|政府|办事处|协会|商会|基金会|红十字会|专户|财政所|大队|管理处|事务所|集团|院|站|所)$"
)
_BANK = re.compile("银行|支行|分行|信用社|分理处|储蓄所|营业部")


@check("privacy-bank-accounts")
def bank_accounts(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """个人信息保护法 第二十八条 金融账户, 吉林高新 三(六) 去标识化处理: no person's account number on a page."""

    def look(document: Document, reading: DocumentReading, found: Scan) -> Blemish | None:
        if not found.cards:
            return None
        text = _text_of(reading)
        if not _ACCOUNT.search(text):
            return None
        persons: list[Spot] = []
        unknown: list[Spot] = []
        since = 0
        for spot in found.cards:
            row = [re.sub("^.{0,10}[：:]", "", token.text) for token in cells_before(text, spot, since)]
            lead = text[max(since, spot.at - 80) : spot.at]
            since = spot.end
            if _PUBLIC_USE.search(lead) or any(_UNIT.search(cell) and not _BANK.search(cell) and len(cell) <= 30 for cell in row):
                continue
            named = any(is_name(cell) or is_masked_name(cell) for cell in row)
            (persons if named else unknown).append(spot)
        if persons:
            return _found("person", "个人姓名与银行账号", persons)
        return _found("whose", "银行账号", unknown, status=Status.INCONCLUSIVE) if unknown else None

    yield from _judge(view, look)


# --- lists of sensitive groups ----------------------------------------------------------------

_GROUP = re.compile(
    "低保|最低生活保障|特困|五保|残疾|救助|孤儿|无人抚养|困境儿童|精神(病|障碍|患者)|重病|大病|疾病(?!预防控制)|患者|慢性病|贫困|困难(学生|家庭|群众|职工|人员|党员)?|资助|助学|优生|计划生育|奖扶|特扶|失独|艾滋|结核|留守|未成年|社区矫正|戒毒|两癌|尘肺"
)
_STAFF = re.compile(
    "招聘|录用|聘用|拟任|公务员|职称|评审|遴选|招考|任前"
)  # what a body that cares for such groups publishes of its own people
_NAME_HEAD = re.compile(
    "^(姓名|户主|户主姓名|学生姓名|幼儿姓名|儿童姓名|孤儿姓名|受助人|受助人姓名|申请人|申请人姓名|救助对象|救助对象姓名|对象姓名|持证人|患者姓名|残疾人姓名|被救助人|资助对象)$"
)
_HEADED = re.compile("姓名|户主|申请人|受助人|救助|持证人|资助对象")
_HEALTH = re.compile(
    "^(残疾(类别|等级|类型|级别|种类|情况|程度)|残疾类别等级|残疾证号|残疾证(编)?号码?|残疾人证号|病种|疾病(名称|种类|类型)?|患病(情况|种类|名称|病种)|所患疾病|病情|诊断(结果)?|健康状况|伤残等级|慢病病种)$"
)
_SCHOOL = re.compile(
    "^(学校|就读学校|所在学校|学校名称|年级|班级|就读班级|所在班级|学校班级|学校及班级|学校、?班级|就读学校及班级|学号|学籍号)$"
)
_CAUSE = re.compile("^(致贫原因|困难原因|救助原因|申请原因|致困原因|家庭困难原因|困难情况|家庭情况|困难类型|主要致贫原因|救助事由)$")


@check("privacy-sensitive-lists")
def sensitive_lists(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """个人信息保护法 第二十八条 医疗健康, 条例 第十五条: no open list of full names with illness, disability, school or identity number."""
    least = int(rule.params["least_names"])

    def look(document: Document, reading: DocumentReading, found: Scan) -> Blemish | None:
        title = bare(title_of(document))
        if not _HEADED.search(reading.body) or _STAFF.search(title) or not (_GROUP.search(title) or _GROUP.search(reading.body[:300])):
            return None
        cells = [token.text for token in tokens(reading.body)]
        start = next((index for index, cell in enumerate(cells) if _NAME_HEAD.match(cell)), None)
        if start is None:
            return None
        heads = [cell for cell in cells[max(0, start - 6) : start + 14] if len(cell) <= 10]
        health, school = any(_HEALTH.match(head) for head in heads), any(_SCHOOL.match(head) for head in heads)
        homes = any(head in ("家庭住址", "住址", "详细地址") for head in heads) and len(_ADDRESS.findall(reading.body)) >= least
        cause = any(_CAUSE.match(head) for head in heads)
        kinds = [
            name
            for name, there in (("残疾或疾病", health), ("学校班级", school), ("身份证号码", bool(found.ids)), ("具体住址", homes))
            if there
        ]
        if not kinds and not cause:
            return None
        full = {cell for cell in cells[start + 1 :] if is_name(cell)}
        masked = sum(is_masked_name(cell) for cell in cells[start + 1 :])
        if len(full) < least or masked >= len(full):
            return None
        note = f"名单见完整姓名约{len(full)}个，另列{'、'.join(kinds) or '致困原因'}"
        if not kinds:
            return Blemish("cause", note, {"count": len(full)}, status=Status.INCONCLUSIVE)
        return Blemish("list", note, {"count": len(full), "kinds": "、".join(kinds)}, Measure(1, "table"))

    yield from _judge(view, look)
