"""The sites of the demo district, one module a kind."""
