"""Rules on personal data that stand open on a page: identity numbers, bank accounts, lists of sensitive groups."""

from __future__ import annotations

import re
from collections.abc import Iterable

from checks.blemishes import Blemish
from checks.contacts import ADDRESS
from checks.leaks import Told, found_numbers, judge_texts
from checks.personal import Spot, cells_before, is_masked_name, is_name, tokens
from checks.registry import Outcome, check
from data.catalogue import Rule
from data.records import Measure, Severity, Status
from data.view import SiteView

_PUNITIVE = re.compile("失信|被执行人|限制(高)?消费|悬赏|通缉|协查|在逃|吊销|行政处罚决定|公告送达|催告|追逃")


@check("privacy-id-numbers")
def id_numbers(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """个人信息保护法 第二十五条, 条例 第十五条, 吉林高新 三(六): no full identity number on a page."""

    def look(told: Told) -> Blemish | None:
        found = told.found
        if found.ids and _PUNITIVE.search(told.title):
            return found_numbers(told, "disciplinary", "身份证号码", found.ids, status=Status.INCONCLUSIVE)
        if found.ids:
            return found_numbers(told, "unmasked", "身份证号码", found.ids)
        if found.half_masked:
            return found_numbers(told, "half-masked", "出生日期和末四位均未遮盖的身份证号码", found.half_masked, severity=Severity.MINOR)
        return None

    yield from judge_texts(view, look)


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

    def look(told: Told) -> Blemish | None:
        found, text = told.found, told.text
        if not found.cards:
            return None
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
            return found_numbers(told, "person", "个人姓名与银行账号", persons)
        return found_numbers(told, "whose", "银行账号", unknown, status=Status.INCONCLUSIVE) if unknown else None

    yield from judge_texts(view, look)


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

    def look(told: Told) -> Blemish | None:
        title, body, found = told.title, told.body, told.found
        if not _HEADED.search(body) or _STAFF.search(title) or not (_GROUP.search(title) or _GROUP.search(body[:300])):
            return None
        cells = [token.text for token in tokens(body)]
        start = next((index for index, cell in enumerate(cells) if _NAME_HEAD.match(cell)), None)
        if start is None:
            return None
        heads = [cell for cell in cells[max(0, start - 6) : start + 14] if len(cell) <= 10]
        health, school = any(_HEALTH.match(head) for head in heads), any(_SCHOOL.match(head) for head in heads)
        homes = any(head in ("家庭住址", "住址", "详细地址") for head in heads) and len(ADDRESS.findall(body)) >= least
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

    yield from judge_texts(view, look)
