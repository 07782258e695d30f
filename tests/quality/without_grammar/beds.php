<?php

declare(strict_types=1);

namespace Greenhouse;

final class Bed
{
    private string $name;
    private array $plants = [];

    public function __construct(string $name)
    {
        $this->name = $name;
    }

    public function sow(string $plant, int $count): void
    {
        if ($count <= 0) {
            throw new \InvalidArgumentException("count must be positive: $count");
        }
        $this->plants[$plant] = ($this->plants[$plant] ?? 0) + $count;
    }

    public function count(string $plant): int
    {
        return $this->plants[$plant] ?? 0;
    }

    public function total(): int
    {
        return array_sum($this->plants);
    }

    public function describe(): string
    {
        $lines = [];
        foreach ($this->plants as $plant => $count) {
            $lines[] = sprintf('%s: %d', $plant, $count);
        }
        return $this->name . "\n" . implode("\n", $lines);
    }
}

function water(array $beds, float $litres): float
{
    $plants = 0;
    foreach ($beds as $bed) {
        $plants += $bed->total();
    }
    if ($plants === 0) {
        return 0.0;
    }
    return $litres / $plants;
}
