"""What ``benchmarks/endpoint.py`` is made of: graphs, servers, load, measurements and the page."""
