"""Numbers, dates and names in both forms: each function takes a random.Random
and returns "<written|spoken>", the notation of the grammar.

One spoken form has one written form, else nothing could be learnt: "March
fourteenth twenty twenty four" is always "March 14th 2024", and "three fourteen
twenty twenty four" is always "3/14/2024".
"""

from faker.providers.person.en_US import Provider as people
from num2words import num2words

MONTHS = "January February March April May June July August September October November December".split()
DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
DIGITS = "zero one two three four five six seven eight nine".split()
LAST_NAMES = list(people.last_names)
FIRST_NAMES = list(people.first_names)


def words(n):
    return num2words(n).replace("-", " ").replace(" and ", " ").replace(",", "")


def ordinal_words(n):
    return num2words(n, to="ordinal").replace("-", " ").replace(" and ", " ")


def hundreds(n):
    """138 as people read pressures: one thirty eight."""
    if n < 100 or n >= 1000:
        return words(n)
    head, rest = DIGITS[n // 100], n % 100
    if rest == 0:
        return head + " hundred"
    return f"{head} oh {DIGITS[rest]}" if rest < 10 else f"{head} {words(rest)}"


def dual(written, spoken):
    return f"<{written}|{spoken}>"


def point(rng, x, places):
    written = f"{x:.{places}f}"
    whole, rest = written.split(".")
    head = words(int(whole))
    if whole == "0" and rng.random() < 0.4:
        head = ""
    return written, f"{head} point {' '.join(DIGITS[int(d)] for d in rest)}".strip()


def number(rng, low, high):
    n = rng.randint(low, high)
    return dual(n, hundreds(n) if n > 100 and rng.random() < 0.4 else words(n))


def dec(rng, low, high):
    return dual(*point(rng, rng.uniform(low, high), 1))


def dec2(rng, low, high):
    return dual(*point(rng, rng.uniform(low, high), 2))


def span(rng, low, high):
    a = rng.randint(low, max(low, high - 1))
    b = rng.randint(a + 1, max(a + 1, high))
    return dual(f"{a}-{b}", f"{words(a)} to {words(b)}")


def size2(rng, low, high):
    a, b = sorted((rng.randint(low, high), rng.randint(low, high)), reverse=True)
    return dual(f"{a}x{b}", f"{words(a)} by {words(b)}")


def size3(rng, low, high):
    a, b, c = sorted((rng.randint(low, high) for _ in "abc"), reverse=True)
    return dual(f"{a}x{b}x{c}", f"{words(a)} by {words(b)} by {words(c)}")


def bp(rng):
    high, low = rng.randint(88, 198), rng.randint(48, 112)
    return dual(f"{high}/{low}", f"{hundreds(high)} over {words(low)}")


def age(rng):
    n = rng.randint(2, 97)
    return dual(f"{n}-year-old", f"{words(n)} year old")


def over(rng, low, whole):
    n = rng.randint(low, whole)
    return dual(f"{n}/{whole}", f"{words(n)} {rng.choice(['out of', 'out of', 'over'])} {words(whole)}")


def ordinal(rng, low, high):
    n = rng.randint(low, high)
    return dual(suffixed(n), ordinal_words(n))


def suffixed(n):
    return num2words(n, to="ordinal_num")


def year_words(n):
    if 2000 <= n < 2010:
        return words(n)
    head, rest = divmod(n, 100)
    return f"{words(head)} {'hundred' if rest == 0 else 'oh ' + DIGITS[rest] if rest < 10 else words(rest)}"


def year(rng, low, high):
    n = rng.randint(low, high)
    return dual(n, year_words(n))


def date(rng):
    month, year_ = rng.randrange(12), rng.randint(1998, 2026)
    day = rng.randint(1, DAYS[month])
    form = rng.random()
    if form < 0.45:
        return dual(f"{MONTHS[month]} {suffixed(day)}", f"{MONTHS[month]} {ordinal_words(day)}")
    if form < 0.75:
        return dual(f"{MONTHS[month]} {suffixed(day)} {year_}", f"{MONTHS[month]} {ordinal_words(day)} {year_words(year_)}")
    if form < 0.9:
        return dual(f"{month + 1}/{day}/{year_}", f"{words(month + 1)} {words(day)} {year_words(year_)}")
    return dual(f"{MONTHS[month]} {year_}", f"{MONTHS[month]} {year_words(year_)}")


def clock(rng):
    hour, minute, half = rng.randint(1, 12), rng.choice([0, 0, 5, 10, 15, 20, 30, 30, 40, 45, 50]), rng.choice("AP")
    if minute == 0:
        return dual(f"{hour} {half}M", f"{words(hour)} {half} M")
    past = f"oh {DIGITS[minute]}" if minute < 10 else words(minute)
    return dual(f"{hour}:{minute:02d} {half}M", f"{words(hour)} {past} {half} M")


def digits(rng, count):
    found = [rng.randrange(10) for _ in [None] * count]
    return dual("".join(map(str, found)), " ".join("oh" if d == 0 and rng.random() < 0.3 else DIGITS[d] for d in found))


def phone(rng):
    a, b = [rng.randint(2, 9) for _ in "123"], [rng.randrange(10) for _ in "1234"]
    return dual("".join(map(str, a)) + "-" + "".join(map(str, b)), " ".join(DIGITS[d] for d in a) + ", " + " ".join(DIGITS[d] for d in b))


def name(rng):
    return rng.choice(LAST_NAMES)


def firstname(rng):
    return rng.choice(FIRST_NAMES)


# The names the grammar calls them by.
FUNCTIONS = {
    "int": number, "dec": dec, "dec2": dec2, "range": span, "size2": size2, "size3": size3, "bp": bp, "age": age,
    "over": over, "ordinal": ordinal, "year": year, "date": date, "time": clock, "digits": digits, "phone": phone,
    "name": name, "firstname": firstname,
}
