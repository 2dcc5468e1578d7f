import pytest

from workbench.body import load_body


@pytest.fixture(scope="session")
def body():
    return load_body()
