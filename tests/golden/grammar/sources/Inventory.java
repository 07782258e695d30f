package shop.inventory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a shop has; it's not thread safe. */
public class Inventory<T extends Inventory.Item> implements AutoCloseable {
    private static final int LIMIT = 1_000;
    private final Map<String, List<T>> shelves = new HashMap<>();
    private boolean open = true;

    public interface Item {
        String name();

        default double price() {
            return 0.0;
        }
    }

    public enum Size {
        SMALL(1), LARGE(10) {
            @Override
            int scaled(int by) {
                return weight * by + 1;
            }
        };

        final int weight;

        Size(int weight) {
            this.weight = weight;
        }

        int scaled(int by) {
            return weight * by;
        }
    }

    public record Tool(String name, double price, Size... sizes) implements Item {
        public Tool {
            if (price < 0) {
                throw new IllegalArgumentException("negative: " + price);
            }
        }
    }

    public synchronized boolean add(String shelf, T item) throws IllegalStateException {
        if (!open) throw new IllegalStateException("closed");
        List<T> items = shelves.computeIfAbsent(shelf, key -> new ArrayList<>());
        if (items.size() >= LIMIT) {
            return false;
        }
        items.add(item);
        return true;
    }

    public double total(Function<? super T, Double> discount) {
        double sum = 0;
        for (List<T> items : shelves.values()) {
            for (int i = 0; i < items.size(); i++) {
                T item = items.get(i);
                sum += item.price() - (discount == null ? 0 : discount.apply(item));
            }
        }
        return sum;
    }

    public String describe(int indent) {
        StringBuilder text = new StringBuilder("{\n");
        shelves.forEach((name, items) -> {
            text.append(" ".repeat(indent)).append('"').append(name).append("\": ");
            text.append(items.stream().map(Item::name).collect(Collectors.joining(", ", "[", "]")));
            text.append('\n');
        });
        return text.append("}").toString();
    }

    @Override
    public void close() {
        open = false;
        shelves.clear();
    }

    static int score(Object value) {
        return switch (value) {
            case null -> -1;
            case Integer i -> i;
            case String s -> {
                int[] counts = {1, 2, 3};
                yield s.length() + counts[0];
            }
            default -> 0;
        };
    }

    public static void main(String[] args) {
        try (Inventory<Tool> inventory = new Inventory<>()) {
            inventory.add("left", new Tool("hammer", 12.5, Size.SMALL, Size.LARGE));
            do {
                System.out.printf("%s %d%n", inventory.describe(2), score(args));
            } while (args.length > LIMIT);
        } catch (RuntimeException | Error error) {
            System.err.println("it's broken: " + error.getMessage());
        } finally {
            System.out.println();
        }
    }
}
