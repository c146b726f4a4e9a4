"""Which family a column's page belongs to: the first that recognises its own marks, else the generic reader."""

from __future__ import annotations

from spiders.base import Family, Fetched
from spiders.epoint import EpointFamily
from spiders.framed import FramedFamily
from spiders.generic import GenericFamily
from spiders.gkmlpt import GkmlptFamily
from spiders.hanweb import HanwebFamily
from spiders.hanweb_xxgk import HanwebXxgkFamily
from spiders.jpaas import JpaasFamily
from spiders.longxun import LongxunFamily
from spiders.open_json import OpenJsonFamily
from spiders.script_list import ScriptListFamily
from spiders.truecms import TruecmsFamily
from spiders.ucap import UcapFamily

FAMILIES: tuple[Family, ...] = (
    GkmlptFamily(),
    HanwebFamily(),
    HanwebXxgkFamily(),
    JpaasFamily(),
    EpointFamily(),
    TruecmsFamily(),
    UcapFamily(),
    LongxunFamily(),
    OpenJsonFamily(),
    ScriptListFamily(),
    FramedFamily(),
    GenericFamily(),
)


def family_of(page: Fetched) -> Family:
    """The family of a page; the generic one recognises every page."""
    return next(family for family in FAMILIES if family.recognises(page))
