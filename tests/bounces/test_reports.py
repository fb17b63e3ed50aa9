"""Reports of mail servers are read whichever way they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bounces.reports import LONGEST, reports_in
from tests.bounces.reports import a_report

UID = "0b0e8a2e-6d7d-4d8e-9f5a-1c2d3e4f5a6b"
JACK = "jack@council.example"
ABOUT = f"<{UID}@council.example>"


@pytest.mark.parametrize(
    ("values", "is_hard", "is_bounce", "why"),
    [
        ({}, True, True, "550 5.1.1 <(the address)>: no such user"),
        ({"headers_alone": True}, True, True, "550 5.1.1 <(the address)>: no such user"),
        ({"said": "smtp; 550 no such user"}, True, True, "5.1.1 550 no such user"),
        (
            {"said": "x-unix; JACK@Council.example\r\n is unknown"},
            True,
            True,
            "5.1.1 (the address) is unknown",
        ),
        ({"said": ""}, True, True, "5.1.1"),
        ({"said": "", "status": ""}, True, True, "No reason given"),
        ({"said": f"smtp; 5.1.1 {'x' * 999}"}, True, True, f"5.1.1 {'x' * 999}"[:LONGEST]),
        ({"action": "FAILED (no such user)"}, False, False, "550 5.1.1 <(the address)>: no such user"),
        ({"action": "failed", "status": "4.4.7", "said": "smtp; expired"}, True, True, "4.4.7 expired"),
        ({"action": "delayed", "status": "4.2.2", "said": "smtp; full"}, False, True, "4.2.2 full"),
        ({"action": "delivered", "status": "2.0.0", "said": "smtp; ok"}, False, False, "2.0.0 ok"),
        ({"action": "relayed", "status": "2.0.0", "said": "smtp; ok"}, False, False, "2.0.0 ok"),
    ],
)
def test_what_a_report_says(values: dict[str, str], is_hard: bool, is_bounce: bool, why: str) -> None:
    [report] = reports_in(a_report(ABOUT, JACK, **values))  # type: ignore[arg-type]
    assert (report.uid, report.recipients) == (UID, frozenset({JACK}))
    assert (report.is_hard, report.is_bounce, report.why) == (is_hard, is_bounce, why)


def test_an_address_that_was_forwarded_is_both() -> None:
    [report] = reports_in(a_report(ABOUT, "jack@home.example", original_to="Jack@Council.example"))
    assert report.recipients == {JACK, "jack@home.example"}


def test_a_report_is_told_from_others_by_its_own_number() -> None:
    reports = [a_report(ABOUT, JACK, own="<1@mx>"), a_report(ABOUT, JACK, own="<1@mx>")]
    reports += [a_report(ABOUT, JACK, own="<2@mx>"), a_report(ABOUT, "anne@council.example", own="<1@mx>")]
    assert len({report.digest for content in reports for report in reports_in(content)}) == 3


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Subject: On leave\r\n\r\nI am on leave.\r\n",
        a_report("no number", JACK),
        a_report(ABOUT, JACK).replace(b"multipart/report", b"multipart/mixed"),
        a_report(ABOUT, JACK).replace(b"message/delivery-status", b"text/plain"),
        a_report(ABOUT, "").replace(b"Final-Recipient", b"X-Recipient"),
    ],
)
def test_what_is_no_report(content: bytes) -> None:
    assert reports_in(content) == []


@given(st.binary(max_size=400), st.integers(0, 900))
def test_whatever_comes_is_read_without_an_error(odd: bytes, at: int) -> None:
    whole = a_report(ABOUT, JACK)
    for content in (odd, whole[:at] + odd + whole[at:], whole[:at] + odd, odd + whole):
        for report in reports_in(content):
            assert len(report.why) <= LONGEST
            assert report.why.isprintable()
