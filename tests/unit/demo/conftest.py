"""A demo Stash of 300 scenes on a free port, and a way to ask it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from syncapp.demo.library import Library
from syncapp.demo.server import DemoServer

Ask = Callable[..., Any]


@pytest.fixture
def demo() -> Iterator[DemoServer]:
    with DemoServer(Library(seed=7, scenes=300)) as server:
        yield server


@pytest.fixture
def http() -> Iterator[httpx2.Client]:
    headers = {"Accept": "application/json"}  # as Steward's own client
    with httpx2.Client(headers=headers, trust_env=False, timeout=10) as client:
        yield client


@pytest.fixture
def ask(demo: DemoServer, http: httpx2.Client) -> Ask:
    """Ask the demo a document; returns the decoded body of the answer."""

    def asked(query: str, **variables: Any) -> Any:
        body = {"query": query, "variables": variables}
        return http.post(f"{demo.url}/graphql", json=body).json()

    return asked


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as executor:
        yield executor
