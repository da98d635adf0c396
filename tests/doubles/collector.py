"""A collector for traces on loopback: takes OTLP over HTTP, and keeps the bytes it was sent."""

from dataclasses import dataclass, field

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.doubles.served import ScriptedServer


@dataclass(frozen=True, slots=True)
class SeenSpan:
    name: str
    trace: str
    span: str
    parent: str
    events: int
    status: str
    """Its message."""
    attributes: dict[str, str | float]


@dataclass
class Collector(ScriptedServer):
    bodies: list[bytes] = field(default_factory=list)
    status: int = 200

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post("/v1/traces", self._take)

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        if self.status == 200:
            self.bodies.append(body)
        self._changed.set()
        return web.Response(status=self.status)

    @property
    def spans(self) -> list[SeenSpan]:
        return [
            SeenSpan(
                span.name,
                span.trace_id.hex(),
                span.span_id.hex(),
                span.parent_span_id.hex(),
                len(span.events),
                span.status.message,
                {
                    each.key: getattr(each.value, str(each.value.WhichOneof("value")))
                    for each in span.attributes
                },
            )
            for body in self.bodies
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]
