"""The graph for programs that speak the Model Context Protocol: for reading only, with sources."""

from bibgraph.mcp.running import serve
from bibgraph.mcp.tools import Tools

__all__ = ["Tools", "serve"]
