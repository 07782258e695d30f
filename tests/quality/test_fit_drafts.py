"""The fit of drafts rated together: it finds the weights that drafts were drawn by."""

import math
import random
import unittest

import fit_drafts


class FitDrafts(unittest.TestCase):
    def test_finds_the_weights_that_made_the_truth(self):
        seed = 11
        print(f"seed {seed}")
        rng = random.Random(seed)
        true = [-1.0, 1.5, -0.8]
        holes = []
        for _ in range(4000):
            drafts = [[1.0, rng.random() * 3, rng.random() * 2] for _ in range(rng.randrange(0, 5))]
            odds = [math.exp(sum(w * x for w, x in zip(true, seen))) for seen in drafts]
            drawn = rng.random() * (1.0 + sum(odds)) - 1.0
            right = None
            for i, one in enumerate(odds):
                if right is None and 0 <= drawn < one:
                    right = i
                drawn -= one
            holes.append([(seen, i == right) for i, seen in enumerate(drafts)])
        for found, wanted in zip(fit_drafts.fit(holes), true):
            self.assertAlmostEqual(found, wanted, delta=0.15)

    def test_probabilities_leave_room_for_none_of_them(self):
        chances = fit_drafts.probabilities([0.0], [([1.0], True), ([1.0], False)])
        self.assertEqual(chances, [1 / 3, 1 / 3])


if __name__ == "__main__":
    unittest.main()
