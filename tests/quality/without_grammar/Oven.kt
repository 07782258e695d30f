package bakery

import java.time.LocalDate

data class Loaf(val name: String, val grams: Int, val baked: LocalDate)

class Oven(private val capacity: Int) {
    private val loaves = mutableListOf<Loaf>()

    val isFull: Boolean
        get() = loaves.size >= capacity

    fun bake(name: String, grams: Int, day: LocalDate = LocalDate.now()): Loaf {
        check(!isFull) { "the oven holds $capacity loaves" }
        val loaf = Loaf(name, grams, day)
        loaves.add(loaf)
        return loaf
    }

    fun empty(): List<Loaf> {
        val taken = loaves.toList()
        loaves.clear()
        return taken
    }
}

fun weightByName(loaves: List<Loaf>): Map<String, Int> {
    val weights = mutableMapOf<String, Int>()
    for (loaf in loaves) {
        weights[loaf.name] = (weights[loaf.name] ?: 0) + loaf.grams
    }
    return weights
}

fun oldest(loaves: List<Loaf>): Loaf? = loaves.minByOrNull { it.baked }

fun main() {
    val oven = Oven(capacity = 12)
    oven.bake("rye", 750)
    oven.bake("spelt", 500)
    val weights = weightByName(oven.empty())
    for ((name, grams) in weights) {
        println("$name: $grams g")
    }
}
