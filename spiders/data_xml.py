"""Rows that come as XML: an answer as the arrays and values that JSON would hold."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

_XML = re.compile(
    r"\s*<\?xml[^>]{0,200}\?>\s*(?:<!--.{0,300}?-->\s*)?<(?!html|!doctype|datastore|recordset)[A-Za-z]", re.I | re.S
)  # recordsets hold markup


def is_xml(text: str) -> bool:
    """Whether an answer is data in XML, and neither a page nor a recordset of markup."""
    return bool(_XML.match(text.lstrip("\ufeff")[:1000]))


def loads_xml(text: str) -> Any:
    """XML as arrays of objects and values; ValueError where it is none. Entities are not resolved."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"))
    try:
        root = etree.fromstring(body.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        raise ValueError("no XML") from None
    return _value(root)


def _value(element: etree._Element) -> Any:
    found: dict[str, Any] = {str(name): str(value) for name, value in element.attrib.items()}
    for child in element.iterchildren(tag=etree.Element):
        name = etree.QName(child).localname
        if len(child) or child.attrib:
            found.setdefault(name, [])
            if isinstance(found[name], list):
                found[name].append(_value(child))
        else:
            found[name] = (child.text or "").strip()
    return found
