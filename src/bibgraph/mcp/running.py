"""The server: it speaks the protocol on standard input and output until its input ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mcp import types
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from bibgraph import __version__
from bibgraph.config import Settings
from bibgraph.errors import BibgraphError, ParameterError
from bibgraph.graph import Graph, graph_around, remote_store
from bibgraph.limits import Limits
from bibgraph.mcp.resources import Resources
from bibgraph.mcp.tools import Tools, as_text
from bibgraph.messages import message
from bibgraph.store.sandbox.nursery import nursery
from bibgraph.store.sandbox.pool import Pool
from bibgraph.store.serving import Cached, ServedStore
from bibgraph.store.threads import Threads

Context = ServerRequestContext[Any]

_NAME = "bibgraph"


async def serve(settings: Settings, data: Sequence[Path], limits: Limits) -> None:
    """Serve what the settings name, or the files ``data``, within ``limits``, until standard input ends.

    Queries run in processes that can be ended, never in this one. Raises what opening the graph raises.
    """
    async with _opened(settings, data, limits) as graph:
        server = make_server(graph, limits, settings.language)
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())


@asynccontextmanager
async def _opened(settings: Settings, data: Sequence[Path], limits: Limits) -> AsyncIterator[Graph]:
    """The graph, asked through workers that end with the context, or the service that the settings name."""
    loop = asyncio.get_running_loop()
    if settings.endpoint:
        store = await asyncio.to_thread(remote_store, settings, limits)
        yield graph_around(ServedStore(Cached(Threads(store, limits), limits.cache), loop), settings)
        return
    pool = Pool(nursery(settings, data, limits), limits)
    try:
        await pool.open()
        yield graph_around(ServedStore(Cached(pool, limits.cache), loop), settings)
    finally:
        await pool.close()


def make_server(graph: Graph, limits: Limits, language: str) -> Server[Any]:
    """The server of the protocol over ``graph``, which is asked from threads."""
    tools, resources = Tools(graph, limits, language), Resources(graph, language)

    async def list_tools(
        _context: Context, _asked: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=tools.listed)

    async def call_tool(_context: Context, asked: types.CallToolRequestParams) -> types.CallToolResult:
        return await asyncio.to_thread(called, tools, asked.name, asked.arguments or {})

    async def list_resources(
        _context: Context, _asked: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        return types.ListResourcesResult(resources=resources.listed)

    async def read_resource(
        _context: Context, asked: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        try:
            return types.ReadResourceResult(contents=[await asyncio.to_thread(resources.read, asked.uri)])
        except BibgraphError as error:
            raise MCPError(types.INVALID_PARAMS, error.text(language)) from error

    return Server(
        _NAME,
        version=__version__,
        instructions=message(
            "Norwegian library policy as a knowledge graph. Begin with the ready questions. Every answer "
            "names the passages and pages that it rests on: cite them, and the version of the graph."
        ).text(language),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )


def called(tools: Tools, name: str, arguments: dict[str, Any]) -> types.CallToolResult:
    """What a tool answers, or what went wrong and what to do, as the protocol wants errors of tools."""
    try:
        result = tools.call(name, arguments)
    except BibgraphError as error:
        problem = error.text(tools.language_of(arguments))
        told: dict[str, Any] = {"error": type(error).__name__, "problem": problem}
        if isinstance(error, ParameterError):
            told["members"] = dict(error.members)
        return types.CallToolResult(
            content=[types.TextContent(text=problem)], structured_content=told, is_error=True
        )
    return types.CallToolResult(content=[types.TextContent(text=as_text(result))], structured_content=result)
