"""Rules on whether a site can be opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from checks.registry import Outcome, check
from checks.subjects import site_subject
from data.catalogue import Rule, gloss
from data.days import zh_day
from data.records import Confidence, Evidence, Measure, Probe, Status
from data.view import SiteView


@check("site-reachable")
def site_reachable(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """国办秘函〔2019〕19号 单项否决 站点无法访问: 5 % of a week's probes or more not open within 15 seconds."""
    assert rule.threshold is not None
    since = view.as_of - timedelta(days=rule.params["days"])
    probes = [probe for probe in view.probes if since < probe.at <= view.as_of]
    # An answer that keeps us out is an answer: a reader's browser opens the site.
    telling = [probe for probe in probes if not _only_us(probe, rule)]
    failed = [probe for probe in telling if _failed(probe, rule)]
    least = int(rule.params["days"]) * int(rule.params["probes_per_day"])
    facts: dict[str, object] = {"probes": len(telling), "failed": len(failed), "least": least, "kept_out": len(probes) - len(telling)}
    subject = site_subject(view)
    if len(telling) < least:
        yield Outcome(
            Status.INCONCLUSIVE,
            "too-few-probes",
            subject,
            facts,
            measured=Measure(len(telling), "probe"),
            threshold=Measure(least, "probe"),
        )
        return
    percent = round(100 * len(failed) / len(telling), 2)
    measured = Measure(percent, "percent")
    if 100 * len(failed) < rule.threshold.value * len(telling):
        yield Outcome(Status.PASS, "open", subject, facts, measured=measured)
        return
    reasons = Counter(gloss(probe.reason) if probe.reason else f"超过{rule.params['timeout_seconds']}秒未打开" for probe in failed)
    facts |= {
        "reasons": "、".join(f"{reason}{count}次" for reason, count in reasons.most_common(3)),
        "first": zh_day(failed[0].at),
        "last": zh_day(failed[-1].at),
    }
    spread = failed[-1].at - failed[0].at >= timedelta(hours=rule.params["confirm_hours"])
    evidence = tuple(
        Evidence(view.site.home, probe.at, None, f"访问未成功：{gloss(probe.reason) if probe.reason else '响应过慢'}")
        for probe in failed[:20]
    )
    yield Outcome(
        Status.FAIL, "unreachable", subject, facts, evidence, measured, confidence=Confidence.CONFIRMED if spread else Confidence.SUSPECTED
    )


def _only_us(probe: Probe, rule: Rule) -> bool:
    return probe.reason is not None and not probe.ok and any(probe.reason.startswith(head) for head in rule.params["not_unreachable"])


def _failed(probe: Probe, rule: Rule) -> bool:
    return not probe.ok or probe.elapsed_seconds >= rule.params["timeout_seconds"]
