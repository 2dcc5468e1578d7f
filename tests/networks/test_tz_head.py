"""BLADE's head: a distance within its range, whatever the order of the tokens."""

import torch

from workbench.networks.tz_head import FARTHEST_M, TzHead


def test_answers_within_its_range():
    head = TzHead(32).eval()
    for size in (0.0, 1.0, 1e4):
        answer = head(size * torch.randn(6, 9, 32))
        assert answer.shape == (6,) and ((answer >= 0) & (answer <= FARTHEST_M)).all()


def test_tokens_have_no_order():
    head, tokens = TzHead(32).eval(), torch.randn(3, 9, 32)
    torch.testing.assert_close(head(tokens), head(tokens[:, torch.randperm(9)]))


def test_every_token_and_the_query_matter():
    head = TzHead(32, dropout=0.0)
    tokens = torch.randn(2, 9, 32, requires_grad=True)
    head(tokens).sum().backward()
    assert tokens.grad is not None and (tokens.grad.abs().sum(-1) > 0).all()
    assert head.query.grad is not None and head.query.grad.abs().sum() > 0
