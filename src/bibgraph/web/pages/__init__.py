"""Pages for people that are about no one thing."""
