"""The directory platform's interface: the tree in window._CONFIG, the lists of a category, an article as JSON."""

from __future__ import annotations

import json

from simgov.families.base import Reply, Request, World, fields, stamp
from simgov.truth import Column, ColumnKind, Document, Site
from simgov.workdays import at

PAGE = 100  # articles an interface page holds
API = "/gkmlpt/api/all/"

Json = str | int | None | list["Json"] | dict[str, "Json"]


def single_path(column: Column) -> str:
    return f"/gkmlpt/content/{column.serial // 1000000}/{column.serial // 1000}/post_{column.serial}.html"


def file_path(document: Document, kind: str) -> str:
    return f"/attachment/0/{document.serial // 1000}/{document.serial}/{document.serial}.{kind}"


def service_id(site: Site) -> str:
    return f"7{site.site_code[-5:]}"


def as_json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=True).replace("<", "\\u003C").replace(">", "\\u003E")


def _node(world: World, site: Site, column: Column) -> Json:
    base = world.bases[site.id]
    outside = column.kind is ColumnKind.LINK_OUT
    return {
        "id": column.serial,
        "name": column.name,
        "parent_id": world.now.columns[column.parent].serial if column.parent else 0,
        "jump_url": world.column_url(column.id) if outside else (f"{base}/gkmlpt/guide" if column.canonical == "zfxxgkzn" else ""),
        "post_count": 1 if column.kind is ColumnKind.PAGE else len(world.now.listed(column.id)),
        "children": [_node(world, site, child) for child in world.now.children(column.id) if child.kind is not ColumnKind.FORM],
    }


def config(world: World, site: Site, extra: str = "") -> str:
    top = next(column for column in world.now.columns.values() if column.site == site.id and column.canonical == "zfxxgk")
    tree: Json = [_node(world, site, child) for child in world.now.children(top.id) if child.kind is not ColumnKind.FORM]
    return (
        f"<script>\nwindow._CONFIG = {{\n  SID: '{service_id(site)}',\n  NAME: {as_json(site.name)},\n"
        f"  TREE: {as_json(tree)},\n  SERVICE_AREA_ID: 0,\n"
        f"  API_ROOT: '/gkmlpt/api/'{extra}\n}};\n</script>"
    )


def answer(world: World, site: Site, column: Column, request: Request) -> Reply:
    """One page of a category; page 0 and page 1 are the same."""
    if request.query.get("sid") != service_id(site):
        return Reply(b'{"code":404,"message":"not found"}', 404, "application/json")
    page = max(1, int(request.query.get("page", "1") or "1")) if request.query.get("page", "1").isdigit() else 1
    rows = world.now.listed(column.id)
    articles: list[Json]
    if column.kind is ColumnKind.PAGE:
        articles = [_single_article(world, site, column)] if page == 1 else []
        count = 1
    else:
        articles = [article(world, site, column, document) for document in rows[(page - 1) * PAGE : page * PAGE]]
        count = len(rows)
    answer: Json = {
        "classify": {"id": column.serial, "name": column.name, "post_count": count},
        "articles": articles,
        "page": page,
        "total": count,
    }
    return Reply(json.dumps(answer, ensure_ascii=False).encode(), content_type="application/json; charset=utf-8")


def article(world: World, site: Site, column: Column, document: Document) -> Json:
    shown = dict(fields(document, site))
    made = document.made_on
    files: list[Json] = [
        {"name": f"{file.name}.{file.type}", "url": f"{world.bases[site.id]}{file_path(document, file.type)}"}
        for file in document.attachments
    ]
    return {
        "id": document.serial,
        "title": document.title,
        "document_number": shown.get("文号", ""),
        "publisher": shown.get("发布机构", ""),
        "identifier": document.index_number or "",
        "date": int(at(made, "00:00").timestamp()) if made else 0,
        "created_at": stamp(document, site, seconds=True),
        "display_publish_time": int(document.published_at.timestamp()),
        "first_publish_time": int(document.published_at.timestamp()),
        "url": world.document_url(document),
        "post_url": "",
        "attachment": files,
        "classify_main": column.serial,
        "classify_main_name": column.name,
        "relation": "",
        "is_expired": 0,
        "is_abolished": 0,
        "keywords": "",
    }


def _single_article(world: World, site: Site, column: Column) -> Json:
    moment = at(world.now.moment.date().replace(month=1, day=15), "10:00")
    return {
        "id": column.serial,
        "title": f"{site.name}{column.name}",
        "document_number": "",
        "publisher": site.unit,
        "identifier": "",
        "date": 0,
        "created_at": f"{moment:%Y-%m-%d %H:%M:%S}",
        "display_publish_time": int(moment.timestamp()),
        "url": world.bases[site.id] + single_path(column),
        "attachment": [],
        "classify_main": column.serial,
        "classify_main_name": column.name,
        "relation": "",
        "is_expired": 0,
        "is_abolished": 0,
    }
