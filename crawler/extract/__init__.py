"""Reading one page: what it is, and what it shows. No network, no clock, no store."""

from crawler.extract.read import read

__all__ = ["read"]
