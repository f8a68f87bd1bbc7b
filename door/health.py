"""For those who watch over the bot: whether it is alive, and its figures. No person, no chat, no word of anybody."""

from collections.abc import Iterable, Sequence

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from jobs.health import Figure, Vitals

NOT_KEPT = {"cache-control": "no-store"}


def routes(vitals: Vitals) -> Sequence[Route]:
    """`/healthz` for whoever restarts or replaces the process, `/metrics` for Prometheus."""

    async def healthz(_: Request) -> Response:
        found = await vitals.checks()
        is_well = all(each.is_well for each in found)
        body = {
            "well": is_well,
            "checks": {each.name: {"well": each.is_well, "says": each.reason} for each in found},
        }
        return JSONResponse(body, 200 if is_well else 503, NOT_KEPT)

    async def metrics(_: Request) -> Response:
        text = exposition(await vitals.figures())
        return Response(text, 200, NOT_KEPT | {"content-type": CONTENT_TYPE_LATEST})

    return [Route("/healthz", healthz, methods=["GET"]), Route("/metrics", metrics, methods=["GET"])]


def exposition(figures: Sequence[Figure]) -> bytes:
    """The figures as Prometheus reads them, with those of the process itself."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Figures(figures))
    return generate_latest(registry)


class _Figures:
    def __init__(self, figures: Sequence[Figure]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        for figure in self._figures:
            kind = CounterMetricFamily if figure.is_total else GaugeMetricFamily
            family = kind(figure.name, figure.help, labels=figure.labels)
            for labels, value in sorted(figure.values.items()):
                family.add_metric(labels, value)
            yield family
