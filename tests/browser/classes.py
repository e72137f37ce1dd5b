"""A class in the browser: the host's page and pupils' pages."""

from __future__ import annotations

CRISIS = "kazakhstan-2022"


def open_class(new_page, crisis=CRISIS, **options):
    """The host's page of a new room."""
    host = new_page("/#/class", **options)
    host.get_by_label("Crisis", exact=True).select_option(crisis)
    host.get_by_role("button", name="Open a class room").click()
    host.wait_for_selector(".code")
    return host


def code_of(host):
    return host.locator(".code").inner_text()


def join(new_page, host, seat=None, **options):
    """A pupil's page, in a seat if one is named."""
    pupil = new_page(f"/class/{code_of(host)}", **options)
    pupil.wait_for_selector(".seats")
    if seat is not None:
        take_seat(pupil, seat)
    return pupil


def take_seat(pupil, seat):
    row = pupil.locator(".seats li", has_text=seat)
    row.get_by_role("button", name="Take this seat").click()
    pupil.get_by_role("heading", name=f"You govern {seat}").wait_for()


def close_day(host, day):
    """Close a day, confirming where the page asks, and wait for the next."""
    host.locator("[data-keep=live]").click()
    anyway = host.locator("[data-keep=anyway]")
    if anyway.count():
        anyway.click()
    reach(host, day + 1)


def reach(page, day):
    page.wait_for_function(
        "day => (document.documentElement.dataset.day ?? '').split('.')[1] == day", arg=str(day)
    )


def to_the_board(host):
    host.get_by_role("button", name="To the end").click()
    host.wait_for_selector(".outcome")
