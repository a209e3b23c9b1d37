"""Writes formulas.json: formulas as text, with values and gradients by mpmath at 60 digits, rounded to doubles.

Run: python3 make_formulas.py
"""

import random
import re

import mpmath as mp

import fixture

mp.mp.dps = 60
NUMBER = re.compile(r"(?<![\w.])(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)")


def number(text):
    """A literal is a double."""
    return mp.mpf(float(text))


def softsign(x):
    return x / (1 + abs(x))


def normcdf(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


FUNCTIONS = {
    "number": number, "pi": mp.pi, "abs": abs, "exp": mp.exp, "log": mp.log, "ln": mp.log,
    "expm1": lambda x: mp.exp(x) - 1, "exp2": lambda x: mp.mpf(2) ** x, "exp10": lambda x: mp.mpf(10) ** x,
    "log1p": lambda x: mp.log(1 + x), "log2": lambda x: mp.log(x) / mp.log(2),
    "log10": lambda x: mp.log(x) / mp.log(10), "log1mexp": lambda x: mp.log(1 - mp.exp(-x)),
    "sqrt": mp.sqrt, "cbrt": lambda x: mp.cbrt(x) if x >= 0 else -mp.cbrt(-x), "root": lambda x, n: mp.root(x, int(n)),
    "square": lambda x: x * x, "cube": lambda x: x**3, "pow": lambda x, y: x**y,
    "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "asin": mp.asin, "acos": mp.acos, "atan": mp.atan, "atan2": mp.atan2,
    "arcsin": mp.asin, "arctan": mp.atan, "sinh": mp.sinh, "cosh": mp.cosh, "tanh": mp.tanh, "asinh": mp.asinh,
    "acosh": mp.acosh, "atanh": mp.atanh, "hypot": lambda x, y: mp.sqrt(x * x + y * y), "erf": mp.erf, "erfc": mp.erfc,
    "normcdf": normcdf, "pnorm": normcdf, "gamma": mp.gamma, "lgamma": mp.loggamma, "digamma": mp.digamma,
    "psi": mp.digamma, "polygamma": lambda n, x: mp.polygamma(int(n), x), "relu": lambda x: max(x, mp.mpf(0)),
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)), "logistic": lambda x: 1 / (1 + mp.exp(-x)),
    "logit": lambda x: mp.log(x / (1 - x)), "softplus": lambda x: mp.log(1 + mp.exp(x)), "softsign": softsign,
    "silu": lambda x: x / (1 + mp.exp(-x)), "mish": lambda x: x * mp.tanh(mp.log(1 + mp.exp(x))),
    "gelu": lambda x: x * normcdf(x),
    "gelu_tanh": lambda x: x / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + number("0.044715") * x**3))),
    "leaky_relu": lambda x, c=number("0.01"): x if x > 0 else c * x,
    "elu": lambda x, c=mp.mpf(1): x if x > 0 else c * (mp.exp(x) - 1),
    "max": max, "min": min, "clamp": lambda x, a, b: min(max(x, a), b),
    "fmod": lambda x, y: x - y * mp.floor(abs(x / y)) * mp.sign(x / y), "remainder": lambda x, y: x - y * mp.nint(x / y),
    "sum": lambda *x: mp.fsum(x), "logsumexp": lambda *x: mp.log(mp.fsum(mp.exp(t) for t in x)),
    "sign": mp.sign, "floor": mp.floor, "ceil": mp.ceil, "round": mp.nint, "rint": mp.nint,
    "trunc": lambda x: mp.sign(x) * mp.floor(abs(x)), "iff": lambda c, a, b: a if c else b,
}


def python(text):
    """The formula as an expression of Python, whose numbers are doubles in 60 digits."""
    text = text.replace("^", "**").replace("if(", "iff(")
    return NUMBER.sub(r'number("\1")', text)


def case(text, **at):
    names, point = list(at), [mp.mpf(float(v)) for v in at.values()]
    compiled = compile(python(text), text, "eval")

    def f(*x):
        return mp.mpf(eval(compiled, FUNCTIONS, dict(zip(names, x))))

    value = f(*point)
    # Steps in proportion to the inputs, so that units do not matter.
    gradient = []
    for k, x in enumerate(point):
        size = abs(x) if x != 0 else mp.mpf(1)
        g = mp.diff(lambda t: f(*point[:k], x + size * t, *point[k + 1:]), 0) / size
        gradient.append(float(g))
    return {"formula": text, "names": names, "at": [float(x) for x in point], "value": float(value), "gradient": gradient}


def functions():
    """Each function at generic points, on either side of its kinks."""
    one = {
        "abs sin cos tan atan arctan sinh cosh tanh asinh erf erfc normcdf pnorm exp expm1 exp2 exp10 sigmoid logistic softplus"
        " softsign silu mish gelu gelu_tanh relu leaky_relu elu square cube sign floor ceil round rint trunc cbrt": [0.7, -1.3, 2.6],
        "log ln log2 log10 sqrt gamma lgamma digamma psi": [0.7, 2.6, 11.25], "log1p": [-0.4, 0.3, 7.0],
        "asin arcsin acos atanh": [0.3, -0.6], "acosh": [1.3, 6.0], "logit": [0.2, 0.9], "log1mexp": [0.3, 2.5],
    }
    for names, points in one.items():
        for name in names.split():
            for x in points:
                yield case(f"{name}(x)", x=x)
    for name in "pow atan2 hypot max min fmod remainder".split():
        for x, y in [(2.3, 0.7), (1.4, 3.1)]:
            yield case(f"{name}(x, y)", x=x, y=y)
    yield case("atan2(x, y)", x=-1.2, y=-0.4)
    for n in [0, 1, 3]:
        yield case(f"polygamma({n}, x)", x=1.7)
    for n in [2, 3, 5]:
        yield case(f"root(x, {n})", x=3.7)
    for x in [-0.4, 0.6, 3.5]:
        yield case("clamp(x, 0, 2)", x=x)
        yield case("clamp(x, a, b)", x=x, a=0.1, b=2.2)
        yield case("leaky_relu(x, 0.2) + elu(x, 1.5)", x=x)
        yield case("leaky_relu(x, c) + elu(x, d)", x=x, c=0.3, d=0.7)
    yield case("max(a, b, c) + 2*min(a, b, c)", a=0.3, b=-1.2, c=2.2)
    yield case("sum(a, b, c)*logsumexp(a, b, c)", a=0.3, b=-1.2, c=2.2)


def precedence():
    """How operators group, as in Python."""
    at = {"a": 1.7, "b": 0.6, "c": 2.3, "d": -0.8, "tau": 1.9}
    for text in """-a**2; a**-b; a**b**c; -a**-b; 2**-a**b; a - b - c; a/b/c; a/b*c; a - -b; -a*-b; a*b + c*d; a + b*c**d*a
        (a + b)*(c - d)/(a*b); a**2 - b^3; +a - +b; ((((a)))) + ((b)); a*(b + c*(d + a*(b + c))); 1e-3*a + 2.5E2*b + .5*c + 3.*d
        if(a < b, c, d); if(a > b, c*a, d); if(a <= c, a**2, b**2); if(d >= 0, sqrt(d), -d); pi*a + tau*b
        (a > b)*c + (a < b)*d; if(a == a, b, c); if(a != b, a*b, a/b); a**2 + a**3 + a**4 + a**-1 + a**-2 + a**0.5""".replace("\n", ";").split(";"):
        text = text.strip()
        used = {k: v for k, v in at.items() if re.search(rf"\b{k}\b", text)}
        yield case(text, **used)


def textbook():
    """Formulas of physics, chemistry and biology, with their units."""
    yield case("2*h*f**3/c**2/(exp(h*f/(k*T)) - 1)", h=6.62607015e-34, f=5e14, c=299792458.0, k=1.380649e-23, T=5778.0)
    yield case("A*exp(-E/(R*T))", A=1e13, E=75e3, R=8.314462618, T=298.15)
    yield case("Vmax*S/(Km + S)", Vmax=2.4e-3, S=1.5e-4, Km=3.2e-5)
    yield case("10**(A - B/(C + T))", A=8.07131, B=1730.63, C=233.426, T=95.0)
    yield case("n*R*T/(V - n*b) - a*(n/V)**2", n=1.5, R=8.314462618, T=320.0, V=2.4e-2, a=0.3640, b=4.267e-5)
    yield case("A*exp(-(x - m)**2/(2*s**2))/(s*sqrt(2*pi))", A=3.1e5, x=1.25e9, m=1.2503e9, s=4.5e5)
    yield case("A*exp(-g*t)*cos(2*pi*f*t + p) + o", A=0.02, g=35.0, t=0.0123, f=440.0, p=0.4, o=-1e-3)
    yield case("K/(1 + exp(-r*(t - t0)))", K=8.1e9, r=0.031, t=1987.0, t0=1990.5)
    yield case("B + (T - B)*x**n/(K**n + x**n)", B=0.02, T=1.1, x=3e-7, n=1.8, K=1e-7)
    yield case("A*w**2/((x - m)**2 + w**2)", A=4.0, w=2.1e6, x=1.0005e9, m=1.0e9)
    yield case("m*c**2/sqrt(1 - (v/c)**2)", m=9.1093837015e-31, c=299792458.0, v=2.1e8)
    yield case("P0*exp(-M*g*z/(R*T))", P0=101325.0, M=0.0289644, g=9.80665, z=3200.0, R=8.314462618, T=281.0)
    yield case("G*m1*m2/r**2", G=6.6743e-11, m1=5.972e24, m2=7.348e22, r=3.844e8)
    yield case("sigma*T**4", sigma=5.670374419e-8, T=1200.0)
    yield case("2*pi*sqrt(L/g)*(1 + theta**2/16)", L=0.994, g=9.81, theta=0.3)
    yield case("q/(4*pi*eps*r)*exp(-r/lam)", q=1.602176634e-19, eps=8.8541878128e-12, r=2.5e-9, lam=9.6e-10)
    yield case("S*normcdf((log(S/K) + (r + s**2/2)*T)/(s*sqrt(T))) - K*exp(-r*T)*normcdf((log(S/K) + (r - s**2/2)*T)/(s*sqrt(T)))",
               S=100.0, K=105.0, r=0.03, s=0.22, T=0.75)
    yield case("dose*ka/(V*(ka - ke))*(exp(-ke*t) - exp(-ka*t))", dose=320.0, ka=1.6, V=32.0, ke=0.09, t=3.5)
    yield case("eps*((s/r)**12 - (s/r)**6)*4", eps=1.65e-21, s=3.4e-10, r=3.9e-10)
    yield case("f/2*erfc(-(x - m)/(s*sqrt(2)))", f=12.0, x=0.4, m=0.1, s=0.35)
    yield case("exp(-x)*x**(k - 1)/gamma(k)", x=2.2, k=3.4)
    yield case("sqrt(Er/2)*f0/(2*pi*Q)", Er=1.6e-3, f0=3.2768e4, Q=8.5e4)
    yield case("gamma*x/(1 + gamma*x)", gamma=0.4, x=2.0)
    yield case("a*log10(f/f0) + b*log2(f/f0)", a=20.0, f=2.4e9, f0=1e6, b=-3.0)
    yield case("1/sqrt((1 - (f/f0)**2)**2 + (f/(f0*Q))**2)", f=995e3, f0=1e6, Q=50.0)
    yield case("R0*(1 + A*T + B*T**2 + if(T < 0, C*(T - 100)*T**3, 0))", R0=100.0, A=3.9083e-3, T=-40.0, B=-5.775e-7, C=-4.183e-12)
    yield case("S0*exp(-b*D)*(1 - exp(-TR/T1))", S0=1400.0, b=1e9, D=7e-10, TR=2.0, T1=1.1)
    yield case("rho*v**2/2*A*Cd", rho=1.204, v=27.8, A=2.2, Cd=0.29)
    yield case("(n1*sin(t) - n2*sqrt(1 - (n1/n2*sin(t))**2))**2", n1=1.0, t=0.7, n2=1.52)
    yield case("max(0, a*(T - T0))", a=0.12, T=296.0, T0=283.15)


def expression(r, depth):
    """A random smooth expression whose parts stay near 1."""
    if depth == 0:
        return r.choice(["a", "b", "c", "d", f"{r.uniform(0.3, 3):.4g}"])
    e = lambda: expression(r, depth - 1)
    return r.choice([
        lambda: f"({e()} + {e()})", lambda: f"({e()} - {e()})", lambda: f"({e()})*({e()})", lambda: f"({e()})/(1.5 + ({e()})**2)",
        lambda: f"sin({e()})", lambda: f"exp(-({e()})**2)", lambda: f"log(1 + ({e()})**2)", lambda: f"sqrt(1 + ({e()})^2)",
        lambda: f"tanh({e()})", lambda: f"-({e()})", lambda: f"atan({e()})", lambda: f"(0.5 + ({e()})**2)**0.7",
        lambda: f"if({e()} < {e()}, {e()}, {e()})", lambda: f"hypot({e()}, {e()} + 3)", lambda: f"erf({e()})",
    ])()


def randomly():
    r = random.Random(20)
    count = 0
    while count < 200:
        text = expression(r, r.choice([2, 3, 4]))
        at = {k: round(r.uniform(-2, 2), 3) for k in "abcd" if re.search(rf"\b{k}\b", text)}
        if not at:
            continue
        found = case(text, **at)
        if all(abs(g) < 1e3 for g in found["gradient"]) and 1e-3 < abs(found["value"]) < 1e3:
            count += 1
            yield found


fixture.write(
    "formulas.json", {"mpmath": mp.__version__},
    {"cases": [*functions(), *precedence(), *textbook(), *randomly()]})
