"""The graph as others get it: dumps, StratML, releases, and the feeds made of their log."""
