"""Any skeleton: parents, the root first and each parent before its children."""

from hypothesis import strategies as st


@st.composite
def trees(draw):
    size = draw(st.integers(1, 20))
    return [-1, *(draw(st.integers(0, j - 1)) for j in range(1, size))]
