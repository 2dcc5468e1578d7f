"""What all visitors share."""

import pytest

from workbench.app import models


def test_the_view_knows_the_body_it_shows():
    assert len(models.topology(models.body().topology)["joints"]) == models.body().num_joints


def test_another_body_than_the_page_knows_is_refused():
    with pytest.raises(ValueError, match="other"):
        models.topology("other")
