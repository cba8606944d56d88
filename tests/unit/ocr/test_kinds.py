"""Properties that every kind of value has, tried on many made-up values and texts."""

import random
from datetime import date
from decimal import Decimal

import pytest
from babel import Locale
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stdnum import iban, luhn

from rpa.bots.views import VIEWS
from rpa.domain.kinds import Country, DateOrder, DecimalMark, FieldKind, Writing
from rpa.ocr.parsers import parse
from rpa.ocr.quebec import nam_digit

settings.register_profile("house", max_examples=40, derandomize=True, database=None, deadline=None)
settings.register_profile("long", max_examples=3000, database=None, deadline=None)
settings.load_profile("house")

DIGITS = "0123456789"
MONTHS = tuple(Locale("fr").months["format"]["wide"].values())
SHORT = tuple(Locale("fr").months["format"]["abbreviated"].values())
ENGLISH = tuple(Locale("en").months["format"]["wide"].values())
days = st.dates(min_value=date(1951, 1, 1), max_value=date(2049, 12, 31))
cents = st.integers(min_value=-(10**9), max_value=10**9)
texts = st.one_of(
    st.text(min_size=1, max_size=40),
    st.text(alphabet="0123456789OoIlSBZ|.,-/ $()ABCTM", min_size=1, max_size=24),
)
writings = st.builds(
    Writing,
    order=st.none() | st.sampled_from(DateOrder),
    decimal=st.none() | st.sampled_from(DecimalMark),
    country=st.sampled_from(Country),
)


def digits(count):
    return st.text(alphabet=DIGITS, min_size=count, max_size=count)


def read(kind, text, **written):
    return parse(FieldKind(kind), text, from_pixels=True, writing=Writing(**written))


def typed(kind, text, **written):
    return parse(FieldKind(kind), text, from_pixels=False, writing=Writing(**written))


def with_luhn(body):
    return body + luhn.calc_check_digit(body)


@st.composite
def nams(draw):
    letters = draw(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=4, max_size=4))
    born, woman = draw(days), draw(st.booleans())
    month = born.month + 50 * woman
    body = f"{letters}{born:%y}{month:02d}{born:%d}{draw(st.integers(0, 9))}"
    return body + nam_digit(body + "0", born.year // 100 * 100)


@st.composite
def ibans(draw):
    body = draw(digits(10)) + draw(digits(13))
    key = 97 - (89 * int(body[:5]) + 15 * int(body[5:10]) + 3 * int(body[10:21])) % 97
    account = body[:21] + f"{key:02d}"
    return "FR" + iban.calc_check_digits("FR00" + account) + account


CHECKED = {
    "sin": digits(8).map(with_luhn),
    "bn": digits(8).map(with_luhn),
    "siren": digits(8).map(with_luhn),
    "siret": st.tuples(digits(8), digits(4)).map(lambda p: with_luhn(with_luhn(p[0]) + p[1])),
    "neq": st.tuples(st.sampled_from(("11", "22", "33", "88")), digits(7)).map(
        lambda parts: parts[0] + with_luhn(parts[1])
    ),
    "nir": st.tuples(st.sampled_from("12"), digits(12)).map(
        lambda p: "".join(p) + f"{97 - int(''.join(p)) % 97:02d}"
    ),
    "iban": ibans(),
}
"""Right numbers of the kinds that carry a check digit which is sure."""
WRITTEN = {
    **CHECKED,
    "nam": nams(),
    "name": st.sampled_from(("O'Bomsawin", "J.-P. Côté", "Marie-Ève", "de la Durantaye", "o'Hara")),
    "address": st.sampled_from(("12, rue Principale", "85, 1er Rang", "C.P. 12", "5 rue X app. 3")),
    "date": days.flatmap(
        lambda d: st.sampled_from((d.isoformat(), f"{d:%d/%m/%Y}", f"{d:%B %d, %Y}"))
    ),
    "time": st.times().map(lambda t: f"{t:%H h %M}"),
    "integer": st.integers(0, 10**9).map(str),
    "number": st.integers(-(10**6), 10**6).map(lambda n: f"{n},5"),
    "percent": st.integers(0, 10**4).map(lambda n: f"{n / 100:.2f} %"),
    "amount": cents.map(lambda c: f"{Decimal(c) / 100:.2f}"),
    "postal-code": st.sampled_from(("G1R 4S9", "j7z4v2", "K1A 0B1")),
    "zip": st.tuples(digits(5), digits(4)).map("-".join),
    "phone": digits(4).map(lambda last: f"418 643-{last}"),
    "email": st.sampled_from(("Zoe@exemple.qc.ca", "a.b+c@d.example")),
    "ssn": digits(4).map(lambda last: f"536-90-{last}").filter(lambda text: text[-4:] != "0000"),
    "ein": digits(7).map(lambda rest: f"91-{rest}"),
    "account": st.tuples(digits(5), digits(3), digits(7)).map("-".join),
    "permanent-code": days.map(lambda day: f"TREM {day:%d%m %y}01"),
    "driver-licence": days.map(lambda day: f"T1234-{day:%d%m%y}-01"),
}
"""Texts that are right as they stand."""
TWINS = {"0": "O", "1": "l", "5": "S", "8": "B", "2": "Z", "6": "G"}


@pytest.mark.parametrize("kind", FieldKind)
@given(text=texts, writing=writings)
def test_no_text_makes_a_parser_fail(kind, text, writing):
    for from_pixels in (True, False):
        parsed = parse(kind, text, from_pixels=from_pixels, writing=writing)

        assert (parsed.value is None) <= bool(parsed.problem)
        assert from_pixels or not parsed.changes


@pytest.mark.parametrize("kind", WRITTEN)
@given(data=st.data())
def test_a_text_that_is_right_as_it_stands_is_never_corrected(kind, data):
    text = data.draw(WRITTEN[kind])
    as_it_stands = typed(kind, text)
    corrected = read(kind, text)

    assert as_it_stands.value is not None
    assert (corrected.value, corrected.changes) == (as_it_stands.value, ())


@pytest.mark.parametrize("kind", FieldKind)
@given(text=texts, data=st.data())
def test_a_canonical_text_is_read_as_itself(kind, text, data):
    if kind.value in WRITTEN and data.draw(st.booleans()):
        text = data.draw(WRITTEN[kind])
    value = read(kind, text).value

    if value is not None:
        point = {"decimal": "point"} if kind in {FieldKind.NUMBER, FieldKind.PERCENT} else {}
        assert typed(kind, value, **point).value == value


@given(day=days)
def test_a_day_is_read_however_it_is_written(day):
    iso, month = day.isoformat(), day.month - 1
    first = "1er" if day.day == 1 else str(day.day)
    for text in (
        iso,
        f"{day:%d/%m/%Y}",
        f"{day:%Y/%m/%d}",
        f"{first} {MONTHS[month]} {day.year}",
        f"le {day.day} {SHORT[month]} {day.year}",
        f"{ENGLISH[month]} {day.day}, {day.year}",
        f"{ENGLISH[month][:3].upper()} {day.day} {day.year}",
        f"{day.day}-{ENGLISH[month][:3]}-{day.year}",
        " ".join(f"{day:%d%m%Y}"),
        " ".join(f"{day:%Y%m%d}"),
        f"{day.day} {MONTHS[month]} {day:%y}",
    ):
        assert typed("date", text).value == iso, text


@given(day=days)
def test_a_declared_order_leaves_no_date_ambiguous(day):
    for order, written in (("dmy", "%d{}%m{}%y"), ("ymd", "%y{}%m{}%d"), ("mdy", "%m{}%d{}%y")):
        for mark in ("-", "/", ".", " ", ""):
            parsed = typed("date", day.strftime(written.format(mark, mark)), order=order)

            assert (parsed.value, parsed.problem) == (day.isoformat(), "")


@given(at=st.times())
def test_a_time_is_read_however_it_is_written(at):
    iso = f"{at:%H:%M}"
    hour = (at.hour + 11) % 12 + 1
    half = "p.m." if at.hour >= 12 else "AM"
    for text in (iso, f"{at.hour} h {at:%M}", f"{at:%Hh%M}", f"{hour}:{at:%M} {half}"):
        assert typed("time", text).value == iso, text


@given(amount=cents)
def test_an_amount_is_read_however_it_is_written(amount):
    value = f"{Decimal(amount) / 100:.2f}"
    plain = f"{abs(Decimal(amount)) / 100:,.2f}"
    minus = "-" if amount < 0 else ""
    french = plain.replace(",", " ").replace(".", ",")
    for text in (
        value,
        f"{minus}{french} $",
        f"{minus}{french.replace(' ', chr(0xA0))}",
        f"{minus}${plain}",
        f"{minus}{plain.replace(',', chr(39))}",
        f"({french})" if minus else french,
        f"{french}{minus}",
        f"{minus}{plain.replace(',', '_').replace('.', ',').replace('_', '.')} $",
    ):
        assert typed("amount", text).value == value, text


@given(number=st.decimals(-(10**7), 10**7, places=3))
def test_a_number_is_read_by_the_mark_that_is_declared(number):
    value = f"{number.normalize():f}" if number else "0"
    assert typed("number", f"{number:,f}", decimal="point").value == value
    swapped = f"{number:,f}".replace(",", " ").replace(".", ",")
    assert typed("number", swapped, decimal="comma").value == value


@given(number=st.integers(0, 10**9))
def test_an_integer_is_read_with_and_without_blanks(number):
    for text in (f"{number}", f"{number:,}".replace(",", " "), " ".join(str(number))):
        assert typed("integer", text).value == str(number)


@given(area=st.sampled_from(("418", "514", "819", "450")), last=digits(4), extension=digits(3))
def test_a_phone_number_is_read_with_its_extension(area, last, extension):
    value = f"+1{area}643{last}"
    for text in (f"({area}) 643-{last}", f"{area} 643 {last}", f"1-{area}-643-{last}"):
        assert typed("phone", text).value == value
        for mark in (" poste ", " ext. ", " x", " #", ", p. "):
            assert typed("phone", text + mark + extension).value == f"{value};ext={extension}"


@given(transit=digits(5), bank=digits(3), account=digits(7))
def test_an_account_is_read_in_the_order_of_cheques_and_of_files(transit, bank, account):
    value = f"{transit}-{bank}-{account}"
    for text in (value, f"{transit} {bank} {account}", f"0{bank}{transit} {account}"):
        assert typed("account", text).value == value


@pytest.mark.parametrize("kind", CHECKED)
@given(data=st.data())
def test_a_number_is_read_in_groups_and_in_boxes(kind, data):
    number = data.draw(CHECKED[kind])
    assume(kind != "nir" or number[5:7] != "00")
    for text in (number, " ".join(number), "-".join((number[:3], number[3:6], number[6:]))):
        assert (typed(kind, text).value, typed(kind, text).is_proven) == (number, True)
    assert read(kind, "|".join(number)).value == number


@pytest.mark.parametrize("kind", CHECKED)
@given(data=st.data())
def test_one_digit_misread_as_another_is_never_a_number(kind, data):
    number = data.draw(CHECKED[kind])
    place = data.draw(st.integers(4 if kind == "iban" else 2, len(number) - 1))
    wrong = data.draw(st.sampled_from([d for d in DIGITS if d != number[place]]))
    mutated = number[:place] + wrong + number[place + 1 :]
    assume(not (kind == "siret" and mutated.startswith("356000000")))

    assert read(kind, mutated).value is None
    assert typed(kind, mutated).value is None


@pytest.mark.parametrize("kind", CHECKED)
@given(data=st.data())
def test_letters_read_for_digits_are_put_right_or_not_believed(kind, data):
    number = data.draw(CHECKED[kind])
    places = [p for p in range(4, len(number)) if number[p] in TWINS]
    assume(places)
    place = data.draw(st.sampled_from(places))
    misread = number[:place] + TWINS[number[place]] + number[place + 1 :]
    assume(typed(kind, misread).value is None)  # an IBAN may hold letters, and pass with one
    parsed = read(kind, misread)

    assert parsed.value in {number, None} or parsed.is_doubtful
    if parsed.value == number:
        assert [(c.place, c.meant) for c in parsed.changes] == [(place, number[place])]


@given(number=nams())
def test_a_nam_is_proven_by_its_digit_and_doubted_without(number):
    assert read("nam", number).is_proven
    assert read("nam", f"{number[:4]} {number[4:8]} {number[8:]}").value == number
    mutated = number[:-1] + DIGITS[(int(number[-1]) + 1) % 10]
    parsed = read("nam", mutated)

    assert parsed.value == mutated
    assert parsed.is_proven or parsed.is_doubtful
    assert typed("nam", mutated).value == mutated


def test_letters_of_a_whole_page_of_numbers_are_put_right():
    generator = random.Random(7)  # noqa: S311 - made-up numbers
    right = 0
    for _ in range(200):
        number = with_luhn("".join(generator.choices(DIGITS, k=8)))
        misread = "".join(
            TWINS[d] if d in TWINS and generator.random() < 0.15 else d for d in number
        )
        parsed = read("sin", misread)
        assert parsed.value in {number, None} or parsed.is_doubtful
        right += parsed.value == number

    assert right > 160


def test_every_kind_has_its_views_in_a_bot():
    assert set(VIEWS) == set(FieldKind)
