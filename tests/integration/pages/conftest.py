"""A small library, and people who look at it."""

from typing import Any

import pytest
from django.test import AsyncClient

from syncapp.models import Source
from tests.builders import make_library, make_person, make_source


@pytest.fixture
def source(transactional_db: None) -> Source:
    """Give a source with a few rows of everything."""
    source = make_source(url="http://nas:9999", version="v0.28.1")
    make_library(source)
    return source


@pytest.fixture
def operator(transactional_db: None, async_client: AsyncClient) -> AsyncClient:
    """Give the browser of somebody who may run jobs."""
    async_client.force_login(make_person("ada", "jobs.run_job"))
    return async_client


@pytest.fixture
def reader(transactional_db: None) -> AsyncClient:
    """Give the browser of somebody who may look, and no more."""
    client = AsyncClient()
    client.force_login(make_person("noor"))
    return client


def text(response: Any) -> str:
    """Return the page's HTML; it must be a good one."""
    assert response.status_code == 200, response.content
    html: str = response.content.decode()
    return html
