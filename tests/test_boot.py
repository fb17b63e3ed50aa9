"""The service starts."""

from flask.testing import FlaskClient


def test_a_fresh_service_says_that_it_is_well(client: FlaskClient) -> None:
    assert client.get("/health").status_code in (200, 503)


def test_the_first_page_asks_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert "/sign-in" in answer.headers["Location"]
