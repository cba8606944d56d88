import httpx
import pytest
from playwright.sync_api import sync_playwright

from rpa.doctor import browser_path
from rpa.testing.clerk import clerk_at

FIELDS = {"REF": "K-1", "NATURE": "Permis", "DEMANDEUR": "Zoé"}


def asked_for_connections(clerk, paths):
    """Return the addresses of the sockets that requests came from."""
    seen = []
    for path in paths:
        with clerk._client.stream("GET", path) as answer:
            seen.append(answer.extensions["network_stream"].get_extra_info("client_addr"))
            answer.read()
    return set(seen)


@pytest.mark.parametrize(("options", "connections"), [((), 3), (("--keep-alive",), 1)])
def test_connections_last_only_where_that_is_asked_for(worse, options, connections):
    with clerk_at(worse(*options)) as clerk:
        clerk.log_in()

        assert len(asked_for_connections(clerk, ["/menu", "/accueil", "/img/b1.gif"])) == (
            connections
        )


@pytest.mark.parametrize("fault", ["lost-answer", "hang"])
def test_a_fault_breaks_a_connection_that_lasts(worse, fault):
    legacy = worse("--keep-alive")
    with clerk_at(legacy) as clerk:
        clerk.log_in()
        legacy.misbehave(fault, seconds=0.1)
        with pytest.raises(httpx.RemoteProtocolError):
            clerk.post("/demande", FIELDS)

        assert len(legacy.deposits("K-1")) == 1
        assert "ACC-" in clerk.post("/demande", FIELDS).text


@pytest.mark.browser
@pytest.mark.parametrize(
    ("options", "shown", "kept"), [((), "ACC-", 2), (("--page-state",), "L'état de cette page", 1)]
)
def test_a_naive_browser_sends_again_when_a_lasting_connection_breaks(worse, options, shown, kept):
    legacy = worse("--keep-alive", *options)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(None))
        page = browser.new_page()
        page.goto(legacy.url)
        page.fill("[name=USAGER]", "commis")
        page.fill("[name=MDP]", "papier")
        page.click("text=Entrer")
        page.goto(f"{legacy.url}/demande")
        for name, value in FIELDS.items():
            page.fill(f"[name={name}]", value)
        page.on("dialog", lambda dialog: dialog.accept())
        legacy.misbehave("lost-answer")
        page.click("text=Enregistrer")
        page.wait_for_selector("table.accuse, .erreur")
        told = page.inner_text("body")
        browser.close()

    assert shown in told
    assert len(legacy.deposits("K-1")) == kept
