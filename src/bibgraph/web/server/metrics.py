"""``/metrics``: the numbers of those who run the service, in the text format of Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client.core import Metric

    from bibgraph.web.server.gateway import Gateway

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition(gateway: Gateway) -> bytes:
    """All numbers as they are now."""
    from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415  # only few ask for it

    registry = CollectorRegistry()
    registry.register(_Collector(gateway))
    return bytes(generate_latest(registry))


class _Collector:
    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily  # noqa: PLC0415

        gateway, answers = self._gateway, self._gateway.site.evaluator
        replies = CounterMetricFamily("bibgraph_replies", "Replies by status.", labels=["status"])
        for status, count in gateway.tally.items():
            replies.add_metric([str(status)], count)
        yield replies
        cache = CounterMetricFamily("bibgraph_cache", "Looks into the caches.", labels=["cache", "result"])
        cache.add_metric(["replies", "hit"], gateway.shelf.hits)
        cache.add_metric(["answers", "hit"], answers.hits)
        cache.add_metric(["answers", "miss"], answers.misses)
        yield cache
        held = GaugeMetricFamily("bibgraph_cache_bytes", "Bytes in the caches.", labels=["cache"])
        held.add_metric(["replies"], gateway.shelf.bytes)
        held.add_metric(["answers"], answers.bytes)
        yield held
        outgoing = GaugeMetricFamily("bibgraph_outgoing_bytes", "Bytes of large answers on their way.")
        outgoing.add_metric([], gateway.outgoing.bytes)
        yield outgoing
        version = GaugeMetricFamily("bibgraph_version", "The version that is served.", labels=["version"])
        version.add_metric([answers.version], 1)
        yield version
        pool = gateway.pool
        if pool is None:
            return
        queries = CounterMetricFamily(
            "bibgraph_queries", "Queries and workers by outcome.", labels=["outcome"]
        )
        for outcome, count in pool.tally.items():
            queries.add_metric([outcome], count)
        yield queries
        state = GaugeMetricFamily("bibgraph_under_way", "Queries under way, by state.", labels=["state"])
        for name, count in pool.state.items():
            state.add_metric([name], count)
        yield state
        yield CounterMetricFamily("bibgraph_wait_seconds", "Seconds waited for a worker.", value=pool.waited)
