"""Which reader reads which format of `source: {format: …}`."""

from __future__ import annotations

from checker.record.exports.jira import read_jira
from checker.record.exports.json_records import read_json
from checker.record.exports.ocel import read_ocel
from checker.record.exports.parquet import read_parquet
from checker.record.exports.servicenow import ServiceNow
from checker.record.exports.xes import read_xes
from checker.record.exports.zendesk import Zendesk
from checker.record.files import PARQUET, Limits, Opened, head
from checker.record.mapping_model import Mapping
from checker.record.model import Fault, Place
from checker.record.tables import Table, read_table


def columns_of(rules: Mapping) -> list[str]:
    """The columns that the rules read, as the file calls them."""
    source = rules.source
    return [source.columns.get(column, column) for column in rules.columns if column not in source.absent]


def open_table(source: Opened, rules: Mapping, limits: Limits) -> Table:
    """The rows of a file whose format holds each ticket in one file.

    Raises:
        Fault: the file is not of the format.
    """
    columns = columns_of(rules)
    match rules.source.format:
        case "json":
            return read_json(source, columns, limits)
        case "jira":
            return read_jira(source, columns, limits)
        case "ocel":
            return read_ocel(source, columns, rules.source.object_type, limits)
        case "parquet":
            return read_parquet(source, limits)
        case "xes":
            return read_xes(source, columns, limits)
    if head(source, 4) == PARQUET:
        remedy = "write source: {format: parquet} in the mapping"
        raise Fault(Place(source.file), "a Parquet file where the mapping reads CSV", "", remedy)
    return read_table(
        source,
        expected=columns,
        encoding=rules.source.encoding,
        delimiter=rules.source.delimiter,
        limits=limits,
    )


def gatherer(rules: Mapping) -> ServiceNow | Zendesk | None:
    """A reader of a format whose tickets lie in several files, else None."""
    columns = columns_of(rules)
    if rules.source.format == "servicenow-audit":
        return ServiceNow(
            columns,
            unchanged=rules.source.unchanged,
            encoding=rules.source.encoding,
            delimiter=rules.source.delimiter,
        )
    return Zendesk(columns) if rules.source.format == "zendesk" else None
