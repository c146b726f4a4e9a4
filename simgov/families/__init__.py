"""How sites are built: one module a CMS family, rendering pages from the truth."""
