"""What kind of document a page holds, from its title, its trail and its metadata."""

from __future__ import annotations

import re

from data.records import DocumentKind
from data.text import bare

_RULES: tuple[tuple[DocumentKind, re.Pattern[str]], ...] = (
    (
        DocumentKind.ANNUAL_REPORT,
        re.compile(r"(?:政府信息公开|政务公开|信息公开)工作?.{0,12}(?:年度报告|年报)|信息公开.{0,8}年度.{0,6}报告|年政府信息公开工作总结"),
    ),
    (DocumentKind.GUIDE, re.compile(r"信息公开.{0,4}指南|依申请公开指南|公开指南$")),
    (
        DocumentKind.INTERPRETATION,
        re.compile(
            r"解读|一图读懂|一图看懂|一图了解|图解|答记者问|政策问答|问题?解答|问答$|处长讲政策|政策图文|起草说明|编制说明|动漫说政策"
        ),
    ),
    (
        DocumentKind.CONSULTATION_RESULT,
        re.compile(
            r"(?:征求|征集|听证|公开征求).{0,60}(?:结果|反馈|采纳|情况(?:的)?(?:说明|公告|公示|通报|反馈|报告)|汇总)|意见(?:采纳|反馈|征集结果)|听证(?:会)?(?:报告|结果|情况|笔录)"
        ),
    ),
    (
        DocumentKind.CONSULTATION,
        re.compile(r"征求.{0,40}意见|意见征[集求]|征集.{0,40}(?:意见|建议)|公开征集|征求意见稿|听证(?:会)?的?(?:公告|通知)"),
    ),
    (
        DocumentKind.CATALOGUE,
        re.compile(
            r"(?:主动公开|信息公开|政务公开|公开事项|标准|基本).{0,6}目录(?:[（(].{1,20}[）)])?$|(?:权责|责任|权力|事项|服务|收费|负面|执法)清单|目录(?:清单)?$"
        ),
    ),
)
_TRAILS: tuple[tuple[DocumentKind, re.Pattern[str]], ...] = (
    (DocumentKind.ANNUAL_REPORT, re.compile(r"信息公开年报|年度报告|信息公开年度报告")),
    (DocumentKind.GUIDE, re.compile(r"信息公开指南|公开指南")),
    (DocumentKind.INTERPRETATION, re.compile(r"解读|图解|新闻发布会?解读")),
    (DocumentKind.CONSULTATION_RESULT, re.compile(r"结果反馈|反馈结果|意见反馈|征集结果")),
    (DocumentKind.CONSULTATION, re.compile(r"意见征集|征求意见|民意征集|征集调查|网上征集|决策预公开|征集公告|听证")),
)
_POLICY_TRAIL = re.compile(
    r"政策文件|规范性文件|部门文件|政府文件|规章|法规|政策法规|法规政策|本级文件|行政规范性|市政府文件|区政府文件|县政府文件|办公室文件|文件库|政策库|其他文件|上级文件|国务院文件|转发文件|政策$|发文$|文件$"
)
_NOTICE_TRAIL = re.compile(r"通知公告|公示公告|公告公示|通知公示|公告$|公示$|通告$|通知$|公告栏")
_NEWS_TRAIL = re.compile(r"动态|新闻|要闻|头条|快讯|资讯|会议|活动|信息速递|时政|关注|热点|视频|通报$|疫情|聚焦|报道")
_NEWS_TITLE = re.compile(r"召开|举行|举办|调研|视察|走访|慰问|督导|会见|出席|主持|开展.{2,}(?:活动|行动|工作)$|赴.{2,}(?:检查|考察)")
_POLICY_TITLE = re.compile(
    r"(?:关于|印发|转发|公布|发布|废止|修改).{2,}(?:通知|意见|办法|规定|决定|方案|规划|细则|批复|函|命令|令)$|(?:条例|办法|规定|细则|规则|决定|实施意见|若干意见|若干措施|管理办法|章程|准则)(?:（[^）]{1,30}）|\([^)]{1,30}\))?$|令第.{1,6}号"
)
_NOTICE_TITLE = re.compile(
    r"(?:公告|公示|通告|通知|启事|通报|公示表|名单|预告|招聘|公示书)(?:（[^）]{1,30}）|\([^)]{1,30}\)|[一二三四五]|\d)*$"
)


def kind_of(
    title: str | None, trail: tuple[str, ...], column: str | None, *, number: str | None, policy_block: bool, body_chars: int
) -> DocumentKind:
    """`policy_block`: the page shows a metadata block with 发文机关 or 文号."""
    name = bare((title or "")[:200])
    crumbs = dict.fromkeys((*trail, column or ""))  # a page's column is often its last crumb once more
    place = [crumb for crumb in crumbs if crumb and crumb not in (title, "正文", "内容", "详情")]
    near = "/".join(place[-3:])
    for kind, pattern in _RULES:
        if pattern.search(name) and not (
            kind in (DocumentKind.INTERPRETATION, DocumentKind.CATALOGUE) and number and _POLICY_TITLE.search(name)
        ):
            return kind
    for crumb in reversed(place[-2:]):  # the nearest first: 行政规范性文件 under 政策文件及解读 holds no interpretations
        for kind, pattern in _TRAILS:
            if pattern.search(crumb):
                return kind
        if _POLICY_TRAIL.search(crumb) and number:
            break
    if number or (_POLICY_TITLE.search(name) and (_POLICY_TRAIL.search(near) or policy_block)):
        return DocumentKind.POLICY_DOCUMENT
    if place and _POLICY_TRAIL.search(place[-1]) and not _NEWS_TRAIL.search(place[-1]):
        return DocumentKind.POLICY_DOCUMENT
    if _NOTICE_TITLE.search(name) or any(_NOTICE_TRAIL.search(crumb) for crumb in place[-2:]):
        return DocumentKind.NOTICE
    if _POLICY_TITLE.search(name) or any(_POLICY_TRAIL.search(crumb) for crumb in place[-3:-1]):
        return DocumentKind.POLICY_DOCUMENT
    if any(_NEWS_TRAIL.search(crumb) for crumb in place[-2:]) or _NEWS_TITLE.search(name):
        return DocumentKind.NEWS
    return DocumentKind.OTHER
