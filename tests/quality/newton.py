"""What the fits by Newton's method share: little dense algebra, so that nothing need be installed."""


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def solve(matrix, vector):
    """Gauss elimination with pivots."""
    size = len(vector)
    rows = [row[:] + [value] for row, value in zip(matrix, vector)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(i + 1, size):
            factor = rows[r][i] / rows[i][i]
            for c in range(i, size + 1):
                rows[r][c] -= factor * rows[i][c]
    result = [0.0] * size
    for i in reversed(range(size)):
        result[i] = (rows[i][size] - dot(rows[i][i + 1:size], result[i + 1:])) / rows[i][i]
    return result
