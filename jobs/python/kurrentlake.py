"""KurrentDB's events as Delta tables, called from Python.

Each function does what the task or command of that name does, through the Kurrentlake jar of the
Spark session, and can be called again at any time. The user of KurrentDB is in the environment
variables that docs/source.md names; neither is ever an argument.

    import kurrentlake
    orders = kurrentlake.pipeline(
        spark, "/Volumes/main/ops/pipelines/order", "main", "grpc+tls://db.example.com:2113")
    orders.run()
    orders.status()
    orders.as_of(timestamp="2025-01-31T00:00:00Z")
"""

from pyspark.sql import DataFrame

__all__ = ["Pipeline", "pipeline", "run", "status", "quarantine", "as_of"]

_STATUS = (
    "table STRING, log_position BIGINT, events_behind BIGINT, seconds_behind BIGINT,"
    " outcome STRING, quarantined BIGINT"
)
_REPORT = "task STRING, events_in BIGINT, rows_out BIGINT, quarantined BIGINT, notes ARRAY<STRING>"
_PLAN = "table STRING, next_run STRING, is_refused BOOLEAN"
_COMPARISON = (
    "table STRING, compared_above BIGINT, expected BIGINT, found BIGINT, waiting BIGINT,"
    " is_clean BOOLEAN"
)


class Pipeline:
    """A pipeline of one lakehouse. Made by :func:`pipeline`."""

    def __init__(self, spark, folder, lakehouse, endpoint, tls_ca):
        java = spark._jvm.io.github.kurrentlake
        self._spark = spark
        self._java = java
        self._lakehouse = java.table.Lakehouse.parse(lakehouse)
        session = spark._jsparkSession
        self._tasks = (
            java.loans.Loans.of(session, self._lakehouse)
            if folder is None
            else java.pipeline.PipelineTasks.of(session, self._lakehouse, folder)
        )
        self._kurrentdb = (
            java.source.KurrentDb.at(endpoint)
            if tls_ca is None
            else java.source.KurrentDb.at(endpoint, tls_ca)
        )

    def run(self):
        """Brings Bronze, Silver and Gold up to date: a row per task, with what it moved."""
        reports = [("bronze", self._tasks.ingest(self._kurrentdb))]
        reports += [("silver." + name, report) for name, report in self._tasks.project().items()]
        reports.append(("gold", self._tasks.refresh()))
        rows = [
            (task, done.eventsIn(), done.rowsOut(), done.quarantined(), list(done.notes()))
            for task, done in reports
        ]
        return self._spark.createDataFrame(rows, _REPORT)

    def status(self):
        """How far each layer is behind KurrentDB, and how its task ended: a row per table."""
        return self._spark.createDataFrame(
            [
                (
                    layer.table(),
                    _number(layer.logPosition()),
                    _number(layer.eventsBehind()),
                    layer.behind().get().toSeconds() if layer.behind().isPresent() else None,
                    layer.lastRun().get().outcome() if layer.lastRun().isPresent() else None,
                    layer.openQuarantine(),
                )
                for layer in self._tasks.status(self._kurrentdb).layers()
            ],
            _STATUS,
        )

    def plan(self):
        """What the next run would do to the tables, which are left as they are."""
        return self._spark.createDataFrame(
            [(one.table(), one.what(), one.isRefused()) for one in self._tasks.plan()], _PLAN
        )

    def quarantine(self):
        """The events that no Silver table could take, with the reasons."""
        return DataFrame(self._tasks.quarantine().list(), self._spark)

    def as_of(self, log_position=None, timestamp=None):
        """The table with a row per stream as it was at a position of the log or at a time.

        :param timestamp: an ISO time with a zone, such as ``2025-01-31T00:00:00Z``
        """
        if (log_position is None) == (timestamp is None):
            raise ValueError("give log_position or timestamp")
        if timestamp is not None:
            log_position = self._java.gold.Gold.positionAt(
                self._spark._jsparkSession,
                self._lakehouse,
                self._tasks.pipeline().lifecycle(),
                self._spark._jvm.java.time.Instant.parse(timestamp),
            )
        return DataFrame(self._tasks.asOf(log_position), self._spark)

    def reconcile(self):
        """Whether anything is missing, doubled or altered since the last verdict: a row per table."""
        return self._spark.createDataFrame(
            [
                (
                    one.table(),
                    one.above(),
                    one.expected(),
                    one.found(),
                    one.waiting(),
                    one.isClean(),
                )
                for one in self._tasks.reconcile(self._kurrentdb).comparisons()
            ],
            _COMPARISON,
        )

    def report(self):
        """A page of HTML about the lakehouse, for ``displayHTML``."""
        return self._tasks.report(self._kurrentdb)


def pipeline(spark, folder, lakehouse, endpoint, tls_ca=None):
    """The pipeline that a folder declares; the loans when the folder is ``None``.

    :param lakehouse: a catalog, or a directory with a slash
    :param endpoint: ``grpc+tls://HOST:2113``
    :param tls_ca: a PEM file with the authority of KurrentDB's certificate, unless it is public
    """
    return Pipeline(spark, folder, lakehouse, endpoint, tls_ca)


def run(spark, folder, lakehouse, endpoint, tls_ca=None):
    """See :meth:`Pipeline.run`."""
    return pipeline(spark, folder, lakehouse, endpoint, tls_ca).run()


def status(spark, folder, lakehouse, endpoint, tls_ca=None):
    """See :meth:`Pipeline.status`."""
    return pipeline(spark, folder, lakehouse, endpoint, tls_ca).status()


def quarantine(spark, folder, lakehouse, endpoint, tls_ca=None):
    """See :meth:`Pipeline.quarantine`."""
    return pipeline(spark, folder, lakehouse, endpoint, tls_ca).quarantine()


def as_of(spark, folder, lakehouse, endpoint, tls_ca=None, log_position=None, timestamp=None):
    """See :meth:`Pipeline.as_of`."""
    return pipeline(spark, folder, lakehouse, endpoint, tls_ca).as_of(log_position, timestamp)


def _number(optional):
    return optional.getAsLong() if optional.isPresent() else None
