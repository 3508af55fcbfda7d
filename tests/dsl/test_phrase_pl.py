"""A contract's parts in Polish: one row and more for every kind of part that there is."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest

from dsl import contract as ir
from dsl.clause_pl import clause_lines, concern, gate, limit, sentence
from dsl.define_pl import definition_lines
from dsl.lexicon import Lexicon
from dsl.phrase_pl import Polish

WORDS = {
    "parties": {"provider": "dostawca", "customer": "klient", "either": "każda ze stron"},
    "definitions": {"answer": "odpowiedź", "office": "godziny pracy", "broken": "awaria", "due": "termin"},
    "events": {"rung": "telefon", "sent": "wysyłka"},
    "attributes": {"level": "waga", "size": "wielkość", "until": "koniec"},
    "facts": {"plan": "plan"},
    "records": {"calls": "rozmowy"},
    "values": {"gold": "złoty", "golden": "złoty"},
    "stated": {"no measure": "brak miary"},
    "readings": {"hours.all": "liczy się każda godzina"},
}
P = Polish(
    Lexicon(WORDS, {"a.b": "Odpowiedź w porę"}, frozenset({"answer"})),
    occasion="event",
)
TWO_HOURS = ir.Length(2, "hour", "elapsed")
RUNG = ir.Pick("rung")
LEVEL = ir.AttributeAsOf("level")
GOLD = ir.IsOneOf(LEVEL, ("gold",))


def line(base: Any, *readings: ir.Alternative[Any]) -> ir.Line[Any]:
    return ir.Line(base, readings)


VALUES = [
    (LEVEL, "„waga”"),
    (ir.AttributeAsOf("level", RUNG), "„waga” w chwili zdarzenia „telefon”"),
    (ir.AttributeOf("level", ir.OccasionRow()), "„waga”"),
    (ir.AttributeOf("level", ir.EventRow("rung", "last")), "„waga” przy ostatnim zdarzeniu „telefon”"),
    (ir.AttributeOf("level", ir.FactRow("due")), "„waga” we wpisie „termin”"),
    (ir.FactValue(("plan",)), "„plan”"),
    (ir.FactValue(("plan", "size")), "„wielkość” w danych „plan”"),
    (ir.EntryBy(ir.FactValue(("plan",)), LEVEL), "wpis w tabeli „plan” dla wartości „waga”"),
]

INSTANTS = [
    (ir.It(), "chwila tego zdarzenia", "od chwili tego zdarzenia"),
    (ir.Now(), "chwila badania", "od chwili badania"),
    (
        ir.Pick("rung", "next"),
        "chwila następnego zdarzenia „telefon”",
        "od chwili następnego zdarzenia „telefon”",
    ),
    (ir.MomentRef("due"), "chwila „termin”", "od chwili „termin”"),
    (
        ir.DateOf(ir.FactValue(("plan", "until"))),
        "termin podany jako „koniec” w danych „plan”",
        "od terminu podanego jako „koniec” w danych „plan”",
    ),
    (ir.DateConstant(date(2026, 3, 1)), "dzień 1 marca 2026 r.", "od dnia 1 marca 2026 r."),
    (
        ir.UnitOf("month", RUNG, True),
        "koniec miesiąca, w którym przypada chwila zdarzenia „telefon”",
        "od końca miesiąca, w którym przypada chwila zdarzenia „telefon”",
    ),
    (ir.Boundary("broken", "state", False), "początek stanu „awaria”", "od początku stanu „awaria”"),
    (
        ir.Extreme(True, (ir.It(), RUNG)),
        "późniejsza z chwil: chwila tego zdarzenia oraz chwila zdarzenia „telefon”",
        "od późniejszej z chwil: chwila tego zdarzenia oraz chwila zdarzenia „telefon”",
    ),
    (
        ir.Shift(ir.Length(3, "day", "working"), True, RUNG, ir.Clock("office")),
        "chwila przypadająca 3 dni robocze przed chwilą zdarzenia „telefon” (według kalendarza „godziny pracy”)",
        "od chwili przypadającej 3 dni robocze przed chwilą zdarzenia „telefon” (według kalendarza „godziny pracy”)",
    ),
]

LENGTHS = [
    (TWO_HOURS, "2 godziny", "2 godzin"),
    (ir.Length(2, "hour", "clock"), "2 godziny", "2 godzin"),
    (ir.Length(1, "day", "working"), "1 dzień roboczy", "1 dnia roboczego"),
    (ir.Length(5, "day", "calendar"), "5 dni kalendarzowych", "5 dni kalendarzowych"),
    (ir.Length(2, "day", "elapsed"), "2 doby", "2 dób"),
    (ir.Length(30, "day", "legal"), "30 dni", "30 dni"),
    (ir.Length("due", "hour", "clock"), "czas „termin”", "czasu „termin”"),
]

CLOCKS = [
    (ir.Clock(), TWO_HOURS, ", licząc bez przerw"),
    (ir.Clock("office"), ir.Length(2, "hour", "clock"), ", licząc tylko czas w kalendarzu „godziny pracy”"),
    (ir.Clock("office"), ir.Length(2, "day", "working"), ", według kalendarza „godziny pracy”"),
    (ir.Clock(), ir.Length(1, "month", "calendar"), ", licząc od daty do daty"),
    (
        ir.Clock(stopped=("broken",), ending_at=63000, first_day_counted=True, moved=False),
        ir.Length(7, "day", "legal"),
        ", z zawieszeniem biegu w czasie trwania stanu „awaria”, z upływem o godz. 17:30, z wliczeniem pierwszego dnia,"
        " bez przesuwania końca terminu z dnia wolnego od pracy",
    ),
]

RESTRICTIONS = [
    (ir.When("before", RUNG), "przed chwilą zdarzenia „telefon”"),
    (ir.When("after", RUNG), "po chwili zdarzenia „telefon”"),
    (
        ir.When("no-later", ir.UnitOf("day", ir.It(), True)),
        "nie później niż z końcem dnia, w którym przypada chwila tego zdarzenia",
    ),
    (ir.When("no-sooner", RUNG), "nie wcześniej niż w chwili zdarzenia „telefon”"),
    (ir.WithinOf(TWO_HOURS, RUNG), "w ciągu 2 godzin od chwili zdarzenia „telefon”, licząc bez przerw"),
    (ir.InSpan("office", "calendar"), "w czasie objętym kalendarzem „godziny pracy”"),
    (ir.InSpan("broken", "state", False), "poza czasem trwania stanu „awaria”"),
    (ir.InSpan("due", "period"), "w okresie „termin”"),
    (ir.InSpan("due", "fact"), "w czasie obowiązywania wpisu „termin”"),
    (ir.SameAs("level"), "o tej samej wartości „waga”"),
    (ir.Including("size", LEVEL), "w których „wielkość” obejmuje „waga”"),
    (ir.SamePeriod("due", "until"), "w tym samym okresie „termin” według daty „koniec”"),
    (ir.Answering(), "w odpowiedzi na to zdarzenie"),
    (ir.AcrossTickets(), "we wszystkich zgłoszeniach"),
]

AMOUNTS = [
    (ir.Number(5), "5"),
    (ir.Number(2, "hour"), "2 godziny"),
    (ir.Number(50000, "USD"), "50\u00a0000 USD"),
    (ir.AmountOf(LEVEL), "„waga”"),
    (ir.Count(ir.Rows(("rung", "sent"))), "liczba zdarzeń „telefon” lub „wysyłka”"),
    (
        ir.Total("size", ir.Rows(("rung",), (ir.Answering(),))),
        "suma wartości „wielkość” zdarzeń „telefon” w odpowiedzi na to zdarzenie",
    ),
    (
        ir.Count(ir.Rows(("rung",), (ir.When("no-sooner", ir.It()), ir.SameAs("level")))),
        "liczba zdarzeń „telefon” nie wcześniej niż w chwili tego zdarzenia i o tej samej wartości „waga”",
    ),
    (
        ir.TimeIn("broken", (ir.InSpan("due", "period"),)),
        "łączny czas trwania stanu „awaria” w okresie „termin”",
    ),
    (ir.UnderWay("broken", ir.It()), "liczba trwających stanów „awaria” w chwili tego zdarzenia"),
    (ir.Share(2050, ir.FigureRef("due")), "20,5% wartości: „termin”"),
    (ir.Bound(True, (ir.Number(1), ir.Number(2))), "wyższa z wartości: 1 oraz 2"),
    (ir.FigureRef("due"), "„termin”"),
    (
        ir.Total("size", ir.Rows(("rung",)), True),
        "suma wartości „wielkość”, każdej zaokrąglonej w górę, zdarzeń „telefon”",
    ),
    (ir.SizeOf(ir.FactValue(("plan",))), "liczba wartości: „plan”"),
    (ir.NumberInForce("due"), "liczba obowiązujących wpisów „termin”"),
    (ir.NumberInForce("due", RUNG), "liczba obowiązujących wpisów „termin” w chwili zdarzenia „telefon”"),
    (ir.Sum(True, (ir.FigureRef("due"), ir.Number(2))), "różnica wartości: „termin” minus 2"),
    (ir.Sum(False, (ir.FigureRef("due"), ir.Number(2))), "suma wartości: „termin” oraz 2"),
    (ir.RoundedUp(ir.FigureRef("due")), "zaokrąglona w górę wartość: „termin”"),
]

CONDITIONS = [
    (GOLD, "„waga” ma wartość „złoty”"),
    (ir.IsOneOf(LEVEL, (True,), True), "„waga” nie ma wartości „tak”"),
    (ir.IsOneOf(LEVEL, ("A", 2)), "„waga” ma jedną z wartości: „A”, „2”"),
    (ir.IsOneOf(LEVEL, ("gold", "golden")), "„waga” ma wartość „złoty”"),
    (ir.IsOneOf(LEVEL, ("A", "B"), True), "„waga” nie ma żadnej z wartości: „A”, „B”"),
    (ir.InList(LEVEL, "due", True), "„waga” nie figuruje na liście „termin”"),
    (ir.SameValue(LEVEL, ir.FactValue(("plan",))), "„waga” ma tę samą wartość co „plan”"),
    (ir.SameValue(LEVEL, ir.FactValue(("plan",)), True), "„waga” ma inną wartość niż „plan”"),
    (ir.Among(LEVEL, ir.FactValue(("plan",))), "„waga” figuruje wśród wartości: „plan”"),
    (ir.Among(LEVEL, ir.FactValue(("plan",)), True), "„waga” nie figuruje wśród wartości: „plan”"),
    (ir.Mentions(LEVEL, "AEM"), "w treści „waga” występuje słowo „AEM”"),
    (ir.Mentions(LEVEL, "AEM", True), "w treści „waga” nie występuje słowo „AEM”"),
    (ir.Recorded(LEVEL), "w zapisach odnotowano „waga”"),
    (ir.Recorded(LEVEL, ("gold",), True), "w zapisach nie odnotowano „waga” o wartości „złoty”"),
    (
        ir.CompareInstants(ir.It(), "after", RUNG),
        "chwila tego zdarzenia przypada po chwili zdarzenia „telefon”",
    ),
    (ir.During(ir.It(), "broken", "state"), "chwila tego zdarzenia przypada w czasie trwania stanu „awaria”"),
    (ir.InForce("due"), "obowiązuje wpis „termin”"),
    (ir.InForce("due", RUNG, True), "nie obowiązuje wpis „termin” w chwili zdarzenia „telefon”"),
    (
        ir.CompareAmounts(ir.Count(ir.Rows(("rung",))), "at-least", ir.Number(1)),
        "liczba zdarzeń „telefon” wynosi co najmniej 1",
    ),
    (ir.Occurred(ir.Rows(("answer",))), "nastąpiło zdarzenie „odpowiedź”"),
    (ir.Occurred(ir.Rows(("rung", "sent")), True), "nie nastąpiło żadne ze zdarzeń „telefon” lub „wysyłka”"),
    (
        ir.CompareRanks("level", LEVEL, ir.AttributeOf("level", ir.EventRow("rung")), True),
        "„waga” ma wyższą rangę niż „waga” przy zdarzeniu „telefon”",
    ),
    (ir.RecordComplete("calls", True), "rejestr „rozmowy” nie jest kompletny"),
    (ir.Holds("due", "condition"), "jest spełniony warunek „termin”"),
    (ir.Holds("a.b", "clause", True), "klauzula „Odpowiedź w porę” (a.b) nie jest spełniona"),
    (
        ir.Group("any", (line(GOLD), line(ir.Group("all", (line(GOLD), line(ir.InForce("due"))))))),
        "(„waga” ma wartość „złoty” lub („waga” ma wartość „złoty” oraz obowiązuje wpis „termin”))",
    ),
    (
        ir.Group("none", (line(GOLD), line(ir.InForce("due")))),
        "nie zachodzi żaden z przypadków („waga” ma wartość „złoty”; obowiązuje wpis „termin”)",
    ),
]

LIMITS = [
    (ir.Within(TWO_HOURS, RUNG), "w ciągu 2 godzin od chwili zdarzenia „telefon”, licząc bez przerw"),
    (
        ir.Limit("no-later", ir.Shift(TWO_HOURS, False, RUNG)),
        "nie później niż 2 godziny po chwili zdarzenia „telefon” (licząc bez przerw)",
    ),
    (ir.SpanLimit("office", "calendar", False), "poza czasem objętym kalendarzem „godziny pracy”"),
    (ir.Between(RUNG, ir.MomentRef("due")), "od chwili zdarzenia „telefon” do chwili „termin”"),
    (ir.OnlyWhere(GOLD), "tylko jeżeli „waga” ma wartość „złoty”"),
    (ir.RefusedBy(("rung", "sent")), "przy czym odmową jest „telefon” lub „wysyłka”"),
    (
        ir.OrInstead(ir.Rows(("sent",), (ir.Answering(),))),
        "albo zamiast tego „wysyłka” w odpowiedzi na to zdarzenie",
    ),
    (ir.Fitting(ir.SameAs("level")), "o tej samej wartości „waga”"),
    (ir.ToEach("size", ir.FactValue(("plan",))), "dla każdej wartości „wielkość” spośród „plan”"),
    (ir.SaveFor("broken"), "z wyjątkiem czasu trwania stanu „awaria”"),
    (ir.LeavingOut("office", "calendar"), "z pominięciem czasu objętego kalendarzem „godziny pracy”"),
    (ir.LeavingOut("broken", "state"), "z pominięciem czasu trwania stanu „awaria”"),
    (ir.AtLeastShare(9990, "due"), "przez co najmniej 99,9% okresu „termin”"),
    (ir.NoLimit(), "bez określonego terminu"),
]

NONE = (line(ir.NoLimit()),)
SENTENCES = [
    (ir.Perform("provider", "duty", ("sent",), ()), "dostawca ma obowiązek dokonać czynności „wysyłka”"),
    (
        ir.Perform("provider", "guarantee", ("sent",), NONE),
        "dostawca ma obowiązek dokonać czynności „wysyłka” bez określonego terminu",
    ),
    (
        ir.Perform("provider", "definition", ("sent",), ()),
        "dostawca ma obowiązek dokonać czynności „wysyłka”",
    ),
    (
        ir.Perform("provider", "target", ("sent",), ()),
        "dostawca dołoży starań, aby dokonać czynności „wysyłka”",
    ),
    (
        ir.Perform("provider", "estimate", ("sent", "answer"), ()),
        "oczekuje się, że dostawca dokona czynności „wysyłka” lub „odpowiedź”",
    ),
    (ir.Perform("customer", "may", ("sent",), ()), "klient może dokonać czynności „wysyłka”"),
    (
        ir.Perform("maker", "discretion", ("sent",), ()),
        "maker może według własnego uznania dokonać czynności „wysyłka”",
    ),
    (
        ir.Refrain("either", "duty", ("sent",), ()),
        "każda ze stron ma obowiązek powstrzymać się od czynności „wysyłka”",
    ),
    (
        ir.Refrain("provider", "estimate", ("sent",), ()),
        "oczekuje się, że dostawca powstrzyma się od czynności „wysyłka”",
    ),
    (ir.Keep("provider", "duty", "broken", False, ()), "dostawca ma obowiązek utrzymywać stan „awaria”"),
    (
        ir.Keep("provider", "estimate", "broken", True, ()),
        "oczekuje się, że dostawca będzie utrzymywać czas wolny od stanu „awaria”",
    ),
    (
        ir.Ensure("provider", "duty", (line(GOLD), line(ir.InForce("due")))),
        "dostawca ma obowiązek zapewnić, że „waga” ma wartość „złoty” oraz obowiązuje wpis „termin”",
    ),
    (ir.Forfeit("customer"), "klient nie jest uprawniony"),
    (ir.Forfeit("either"), "każda ze stron nie jest uprawniona"),
    (ir.Release("provider"), "dostawca jest zwolniony z odpowiedzialności"),
    (ir.Release("either"), "każda ze stron jest zwolniona z odpowiedzialności"),
    (ir.StandsFor(("a.b",)), "oznacza stosowanie klauzul: „Odpowiedź w porę” (a.b)"),
    (ir.Stated("no measure"), "tylko odnotowana: brak miary"),
]

CONCERNS = [
    (ir.Each("rung"), "dotyczy każdego zdarzenia „telefon”"),
    (ir.Each("rung", "last"), "dotyczy ostatniego zdarzenia „telefon”"),
    (
        ir.EachStretch("level", ("gold", 2)),
        "dotyczy każdego okresu, w którym „waga” ma wartość „złoty” lub „2”",
    ),
    (ir.EachSpan("broken", "state"), "dotyczy każdego okresu trwania stanu „awaria”"),
    (ir.EachSpan("due", "fact"), "dotyczy każdego okresu obowiązywania wpisu „termin”"),
    (ir.EachSpan("due", "period"), "dotyczy każdego okresu „termin”"),
    (ir.TheAgreement(), "dotyczy całej umowy"),
]

GATES = [
    (
        ir.Gate("where", ir.Group("any", (line(GOLD), line(GOLD)))),
        "jeżeli „waga” ma wartość „złoty” lub „waga” ma wartość „złoty”",
    ),
    (ir.Gate("save", GOLD), "z wyjątkiem przypadków, gdy „waga” ma wartość „złoty”"),
    (ir.Gate("provided", GOLD), "pod warunkiem, że „waga” ma wartość „złoty”"),
    (ir.SupersededBy(("a.b",)), "zastąpiona przez „Odpowiedź w porę” (a.b)"),
]

DEFINITION_LINES = [
    (ir.Items(("gold", 3)), "złoty, 3"),
    (ir.AllOf("office"), "wszystko, co obejmuje „godziny pracy”"),
    (ir.KeptIn(ir.FactValue(("plan",))), "według danych „plan”"),
    (
        ir.WindowLine((0, 1, 2, 3, 4), 30600, 63000, True),
        "od poniedziałku do piątku w godz. 8:30-17:30, z wyjątkiem dni ustawowo wolnych od pracy",
    ),
    (ir.WindowLine((5,), 0, 86400, False, True), "sobota"),
    (ir.RoundTheClock(), "przez całą dobę"),
    (ir.Less("office", "calendar"), "z pominięciem „godziny pracy”"),
    (ir.HoursFrom(ir.FactValue(("plan",))), "godziny według danych „plan”"),
    (ir.ZoneOf("Europe/Warsaw"), "strefa czasowa: Europe/Warsaw"),
    (
        ir.ZoneOf(ir.FactValue(("plan",)), "Europe/Warsaw"),
        "strefa czasowa: „plan”, a w jej braku Europe/Warsaw",
    ),
    (ir.HolidaysOf("PL"), "dni ustawowo wolne od pracy w kraju: PL"),
    (ir.Means(("rung", "sent")), "oznacza: „telefon” lub „wysyłka”"),
    (ir.Where(GOLD), "jeżeli „waga” ma wartość „złoty”"),
    (
        ir.FromUntil(("rung",), ("sent", "answer")),
        "od zdarzenia „telefon” do zdarzenia „wysyłka” lub „odpowiedź”",
    ),
    (ir.While("level", ("gold", 2)), "dopóki „waga” ma wartość „złoty” lub „2”"),
    (ir.ForEach("level"), "odrębnie dla każdej wartości „waga”"),
    (ir.EntryOf(ir.FactValue(("plan",))), "oznacza: wpis w danych „plan”"),
    (ir.EachUnit("hour"), "oznacza: każda godzina"),
    (ir.EachFrom(1, "month", ir.FactValue(("plan",))), "oznacza: każdy miesiąc od daty „plan”"),
    (ir.EachFrom(3, "month", "due"), "oznacza: kolejne okresy po 3 miesiące od początku wpisu „termin”"),
    (ir.Rolling(12, "month"), "oznacza: 12 miesięcy do chwili rozpatrywanego przypadku"),
    (ir.Entries(ir.FactValue(("plan",))), "oznacza: każdy wpis w danych „plan”"),
    (ir.Named("month", ir.FactValue(("plan",))), "oznacza: miesiąc podany w danych „plan”"),
    (ir.MeansMoment(RUNG), "oznacza: chwila zdarzenia „telefon”"),
    (ir.MeansAmount(ir.Number(2, "hour")), "oznacza: 2 godziny"),
    (
        ir.FromTable("hours", ir.FactValue(("plan",)), LEVEL),
        "oznacza: liczba godzin z tabeli „plan” według „waga”",
    ),
    (ir.NotOnRecord(), "określa ją umowa; w zapisach jej nie ma"),
    (ir.OnRise(True), "przy podwyższeniu termin biegnie od chwili zmiany"),
    (ir.OnFall(False), "przy obniżeniu termin biegnie od dotychczasowego początku biegu"),
    (ir.EarlierBinds(), "wiąże termin wcześniejszy"),
    (ir.NotCured(), "upływu terminu nic nie naprawia"),
    (ir.OnceIsEnough(), "wystarcza jednokrotne wykonanie"),
]


@pytest.mark.parametrize(("node", "said"), VALUES)
def test_values(node: ir.Value, said: str) -> None:
    assert P.value(node) == said


@pytest.mark.parametrize(("node", "said", "since"), INSTANTS)
def test_moments(node: ir.Instant, said: str, since: str) -> None:
    assert P.instant(node) == said
    assert f"od {P.instant(node, 'gen')}" == since


@pytest.mark.parametrize(("node", "said", "genitive"), LENGTHS)
def test_lengths(node: ir.Length, said: str, genitive: str) -> None:
    assert (P.length(node), P.length(node, "gen")) == (said, genitive)


@pytest.mark.parametrize(("node", "of", "said"), CLOCKS)
def test_clocks(node: ir.Clock, of: ir.Length, said: str) -> None:
    assert P.clock(node, of) == said


@pytest.mark.parametrize(("node", "said"), RESTRICTIONS)
def test_restrictions(node: ir.Restriction, said: str) -> None:
    assert P.restriction(node) == said


@pytest.mark.parametrize(("node", "said"), AMOUNTS)
def test_amounts(node: ir.Amount, said: str) -> None:
    assert P.amount(node) == said


@pytest.mark.parametrize(("node", "said"), CONDITIONS)
def test_conditions(node: ir.Condition, said: str) -> None:
    assert P.condition(node) == said


@pytest.mark.parametrize(("node", "said"), LIMITS)
def test_limits(node: ir.SentenceLimit, said: str) -> None:
    assert limit(P, node) == said


@pytest.mark.parametrize(("node", "said"), SENTENCES)
def test_sentences(node: ir.Sentence, said: str) -> None:
    assert sentence(P, node) == said


@pytest.mark.parametrize(("node", "said"), CONCERNS)
def test_concerns(node: ir.Concern, said: str) -> None:
    assert concern(P, node) == said


@pytest.mark.parametrize(("node", "said"), GATES)
def test_gates(node: ir.Gate | ir.SupersededBy, said: str) -> None:
    assert gate(P, node) == said


@pytest.mark.parametrize(("node", "said"), DEFINITION_LINES)
def test_lines_of_definitions(node: Any, said: str) -> None:
    assert definition_lines(P, ir.ListDef("x", (line(node),))) == [said]


def test_a_moment_by_cases() -> None:
    but = ir.ButWhere(GOLD, (line(ir.MeansMoment(ir.Now())),))
    told = definition_lines(P, ir.MomentDef("x", (line(ir.MeansMoment(ir.It())), line(but))))
    assert told == [
        "oznacza: chwila rozpatrywanego przypadku",
        "lecz jeżeli „waga” ma wartość „złoty”",
        "  oznacza: chwila badania",
    ]


@pytest.mark.parametrize(
    ("union", "rows"),
    [
        (ir.Value, VALUES),
        (ir.Instant, INSTANTS),
        (ir.Restriction, RESTRICTIONS),
        (ir.Amount, AMOUNTS),
        (ir.Condition, CONDITIONS),
        (ir.SentenceLimit, LIMITS),
        (ir.Sentence, SENTENCES),
        (ir.Concern, CONCERNS),
    ],
)
def test_every_kind_has_a_row(union: Any, rows: list[tuple[Any, ...]]) -> None:
    assert {type(row[0]) for row in rows} == set(get_args(union))


@pytest.mark.parametrize(
    ("concerns", "start", "end"),
    [
        (ir.Each("rung"), "chwila tego zdarzenia", "chwila tego zdarzenia"),
        (ir.EachSpan("broken", "state"), "początek tego okresu", "koniec tego okresu"),
        (ir.TheAgreement(), "chwila badania", "chwila badania"),
    ],
)
def test_what_it_is_follows_from_what_the_clause_concerns(concerns: ir.Concern, start: str, end: str) -> None:
    about = P.about(concerns)
    assert (about.instant(ir.It()), about.instant(ir.It(True))) == (start, end)


def test_readings_of_a_line_and_of_a_limit() -> None:
    away: ir.Alternative[Any] = ir.Alternative("hours", "none", ())
    longer = ir.Alternative("hours", "all", (line(ir.Within(ir.Length(3, "hour", "elapsed"), ir.It())),))
    act = ir.Perform("provider", "duty", ("sent",), (line(ir.Within(TWO_HOURS, ir.It()), longer),))
    clause = ir.Clause(
        "a.b",
        "A",
        "B",
        None,
        (line(ir.Each("rung")),),
        (line(ir.Gate("where", GOLD), away),),
        (line(act),),
        "due",
    )
    assert clause_lines(P, clause) == [
        "dotyczy każdego zdarzenia „telefon”",
        "według zasad biegu terminu „termin”",
        "jeżeli „waga” ma wartość „złoty”",
        "albo przy odczytaniu [hours.none]:",
        "  ten wiersz odpada",
        "dostawca ma obowiązek dokonać czynności „wysyłka”",
        "  w ciągu 2 godzin od chwili tego zdarzenia, licząc bez przerw",
        "  albo przy odczytaniu „liczy się każda godzina” [hours.all]:",
        "    w ciągu 3 godzin od chwili tego zdarzenia, licząc bez przerw",
    ]


def test_a_name_without_words_stands_as_it_is() -> None:
    asked: list[tuple[str, str]] = []
    p = Polish(Lexicon(missing=lambda section, name: asked.append((section, name))))
    assert p.condition(ir.IsOneOf(LEVEL, ("gold", "Gold 2", "v2"))) == (
        "„level” ma jedną z wartości: „gold”, „Gold 2”, „v2”"
    )
    assert asked == [("attributes", "level"), ("values", "gold"), ("values", "v2")]


def test_places_are_put_together_from_their_parts() -> None:
    places = {"Sec. #": "pkt #", "sentence #": "zdanie #", "rows #-#": "wiersze #-#", "§ #(#)": "§ # ust. #"}
    lexicon = Lexicon({"places": places})
    assert lexicon.place("Sec. 8.1, rows 3-4; sentence 2") == "pkt 8.1, wiersze 3-4; zdanie 2"
    assert lexicon.place("§ 3(6), 2.4, last") == "§ 3 ust. 6, 2.4, last"
