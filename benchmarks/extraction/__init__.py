"""The parts of the extraction benchmark: pages with labels, the tools, the judge, the clock, the tables."""
