"""Small verdicts, rules and registries for the tests of findings and alerts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from data.catalogue import Rule
from data.records import SHANGHAI, Clause, Confidence, Evidence, Severity, Status, Subject, SubjectKind, Verdict
from data.registry import Contact, Level, Profile, Registry, Site
from data.registry_notices import NoticeOptions

RULE = "info-published-20-working-days"


def at(text: str) -> datetime:
    """`2026-11-02` (noon) or `2026-11-02T09:00` in Asia/Shanghai."""
    moment = datetime.fromisoformat(text if "T" in text else f"{text}T12:00")
    return moment.replace(tzinfo=SHANGHAI)


def make_rule(rule_id: str = RULE, rectify_workdays: int = 10, alert: str = "automatic") -> Rule:
    return Rule.model_validate(
        {
            "id": rule_id,
            "title_zh": "信息二十个工作日内公开",
            "title_en": "published in time",
            "family": "timeliness",
            "severity": "major",
            "applies_to": ["district-portal"],
            "clauses": [],
            "logic": "…",
            "wording": {},
            "remedy": "请在政策文件栏目补充发布该文件",
            "rectify_workdays": rectify_workdays,
            "alert": alert,
        }
    )


REVIEWED, REPORTED = "four-part-disclosure-column", "notice-policy-columns-6-months"  # in these tests: reviewed first, and only reported
RULES = {
    RULE: make_rule(),
    "empty-columns": make_rule("empty-columns", 5),
    REVIEWED: make_rule(REVIEWED, 5, "human-review-first"),
    REPORTED: make_rule(REPORTED, alert="report-only"),
}


def make_verdict(
    day: str = "2026-11-02",
    status: str = "fail",
    *,
    rule: str = RULE,
    site: str = "district",
    confidence: str = "confirmed",
    kind: str = "document",
    url: str | None = "http://127.0.0.11/a.html",
    column: str | None = None,
    title: str = "关于停车管理的通知",
    reason: str = "missing",
    message: str = "未见该文件公开，请核实",
    severity: str = "major",
    due: str | None = None,
) -> Verdict:
    as_of = at(day)
    return Verdict(
        rule=rule,
        site=site,
        status=Status(status),
        severity=Severity(severity),
        confidence=Confidence(confidence),
        subject=Subject(SubjectKind(kind), url, title, column),
        reason=reason,
        message=message,
        as_of=as_of,
        clauses=(Clause("《政府信息公开条例》", "第二十六条", "应当自该政府信息形成或者变更之日起20个工作日内及时公开"),),
        evidence=(Evidence("http://127.0.0.11/list.html", as_of, "ab" * 32, "列表全部翻完"),),
        due=at(due) if due else None,
    )


def make_site(site_id: str = "district", channels: tuple[str, ...] = ("json://127.0.0.1:9000/hook",), **more: Any) -> Site:
    administrators = (Contact(role="网站管理员", name=more.pop("person", None), channels=channels),) if channels else ()
    return Site(
        id=site_id,
        name=more.pop("name", "示例区人民政府"),
        level=Level.COUNTY,
        profile=Profile.DISTRICT_PORTAL,
        home=f"http://127.0.0.11/{site_id}/",
        administrators=administrators,
    )


def make_registry(
    *sites: Site, supervisor: str | None = "json://127.0.0.1:9000/supervisor", operator: str | None = None, **notices: Any
) -> Registry:
    return Registry(
        version=1,
        region="示例区",
        sites=sites or (make_site(),),
        supervisors=(Contact(role="政务公开办", channels=(supervisor,)),) if supervisor else (),
        operators=(Contact(role="系统运维", channels=(operator,)),) if operator else (),
        notices=NoticeOptions.model_validate(notices),
    )
