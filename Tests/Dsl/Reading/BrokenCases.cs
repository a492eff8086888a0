namespace Notochord.Tests.Dsl.Reading;

/// <summary>One mistake each (or several where that is the point), as users make them.</summary>
internal static class BrokenCases
{
    private const string Head = "arch: a\ninput: x[B, C]\n";
    private const string Block = "block: f(int dim)\ninput: x[B, dim]\n";

    public static readonly (string Name, string Text)[] Yaml =
    [
        ("colon in a call", Block + "modules:\n  a: linear(dim, bias: false)\n  b: norm(x: 1, y: 2)\nforwar: x\n"),
        ("colon in a conditional", Block + "modules:\n  a: dim > 2 ? norm(dim) : none\nforward: return a(x);\n"),
        ("colon in a list item", Block + "modules:\n  a:\n    - linear(dim, bias: true)\n"),
        ("comma inside braces", Head + "stem:\n  a: { when: C > 3, use: conv(C, 4), else: none }\n"),
        ("brackets inside braces", Head + "stem:\n  a: { when: true, use: conv(depths[0]) }\nhead: linear(C, 2)\n"),
        ("brackets inside brackets", Head + "stem: [x[a], b]\n"),
        ("plain list as a scalar", "arch: [a]\ninput: x[B]\n"),
        ("text after a list", Head + "define:\n  a: [1, 2][0] + 3\n"),
        ("text after a quote", Head + "define:\n  a: \"x\" + y\n"),
        ("tab indents", "arch: a\nparams:\n\tdim: 3\n"),
        ("tab in a block scalar", Block + "forward: |\n\treturn x;\n"),
        ("quote not closed", Head + "paper: \"Liu et al.\nstem: conv(3)\n"),
        ("single quote not closed at the end", Head + "paper: 'Liu et al.\n"),
        ("bracket not closed", Head + "params:\n  depths: [2, 2\n  dim: 3\n"),
        ("brace not closed", Head + "variants:\n  a: { dim: 3\n  b: {}\n"),
        ("unknown escape", Head + "paper: \"a\\qb\"\n"),
        ("indented too deep", "arch: a\n  input: x[B]\n"),
        ("indented too little", "  arch: a\n  input: x[B]\n stem: f(x)\n"),
        ("list item beside a key", Head + "stem: - conv(3)\n"),
        ("item outside a list", "use:\n- a\nb\narch: c\n"),
        ("starts with a backtick", Head + "define:\n  a: `dim`\n"),
        ("starts with a percent sign", Head + "define:\n  a: %dim\n"),
        ("starts with a star", Head + "define:\n  a: *dim\n"),
        ("starts with a bang", Head + "define:\n  a: !flag\n"),
        ("alias of itself", Head + "define: &d\n  a: [*d]\n"),
        ("merge of a scalar", Head + "define:\n  <<: 3\n  a: 1\n"),
        ("duplicate keys", Head + "stem: conv(3)\nhead: a\nstem: conv(4)\n"),
        ("key is a list", Head + "? [a, b]\n: c\n"),
        ("key without a colon", Head + "stem\nhead: b(2)\n"),
        ("no colon after the first key", "block f(int a)\ninput: x[B]\nforward: return x;\n"),
        ("list of modules", Block + "modules:\n  - a: norm(dim)\nforward: return x;\n"),
        ("statements in a folded scalar", Block + "forward: >\n  x = rearrange(x, \"b c ->\n     c b\");\n  return x\n"),
        ("return without its semicolon", Block + "forward: return x\n"),
        ("a statement for an expression", Block + "define:\n  a: return 3;\n  b: return dim\n  d: |\n    return 4;\nmodules:\n  c: return linear(dim, 2);\nforward: return c(x);\n"),
        ("colon after a signature", "block: f(int a):\ninput: x[B]\nforward: return x;\n"),
        ("Python", Block + "modules:\n  a: norm(dim) if dim > 3 else none\n  b: nn.Linear(dim, 3)\n  c: lambda x: x\n  d: linear(dim, 'x')\n  e: linear(**kw)\nforward: return x @ x;\n"),
        ("block scalar header", Block + "forward: |x\n  return x;\n"),
        ("directive", "%YAML 1.2\n---\n" + Head + "stem: conv(3)\n"),
        ("an error in each of three documents", "arch: a\ninput: 'x\n---\nblock: f(int a)\ninput: x[B]\nforward: |\n  return x +;\n---\nblock: g(int a\ninput: x[B]\nforward: return x;\n"),
    ];

    public static readonly (string Name, string Text)[] Keys =
    [
        ("empty", ""),
        ("only comments", "# nothing\n---\n# here\n"),
        ("no kind", "archi: swin\ninput: x[B]\n"),
        ("a list document", "- a\n- b\n"),
        ("a scalar document", "hello\n"),
        ("unknown keys", "arch: a\ninputs: x[B]\nhaed: f(3)\nstem: g(2)\nweights: none\n"),
        ("block keys in an architecture", "block: f(int a)\ninput: x[B]\nparams: { a: 3 }\nforward: return x;\n"),
        ("missing keys", "block: f(int a)\nforward: return x;\n---\narch: a\nstem: f(3)\n"),
        ("nothing computed", "block: f(int a)\ninput: x[B]\n"),
        ("several inputs and no forward", "block: f(int a)\ninput: x[B], y[B]\nmodules:\n  a: norm(a)\n"),
        ("wrong kinds", "arch: a\ninput: x[B]\nparams: 3\nvariants: [a]\nstages: { a: 1 }\nmodules: [f(3)]\nforward: [return x;]\n"),
        ("no values", "arch:\ninput:\nparams:\n  dim:\nstem:\n  a:\nhead:\n"),
        ("two architectures", "arch: a\ninput: x[B]\nstem: f(2)\n---\narch: b\ninput: x[B]\nstem: f(2)\n"),
        ("two blocks of a name", Block + "forward: return x;\n---\n" + Block + "forward: return x;\n"),
        ("names that are none", "arch: my net\ninput: x[B]\nparams:\n  my-dim: 3\nvariants:\n  a b: {}\nstem:\n  3x: f(2)\n"),
        ("names declared twice", "block: f(int dim, int dim)\ninput: x[B, dim], x[B]\ndefine:\n  dim: 3\nmodules:\n  m: norm(dim)\nparameters:\n  m: ones[dim]\nforward: return m(x);\n"),
        ("signatures", "block: 3f(int a)\ninput: x[B]\nforward: return x;\n---\nblock: g(it a, block b = , int[] c)\ninput: x[B]\nforward: return x;\n---\nblock: h(Tensor a, dim)\ninput: x[B]\nforward: return x;\n"),
        ("contracts", "block: f(int a)\ninput: [B, a]\noutput: y[.., a, ..], z[1..2]\nforward: return x;\n---\nblock: g(int a)\ninput: x\noutput: { y: B }\nforward: return x;\n---\nblock: h(int a)\ninput:\n  - x[B, a]\n  - x[B]\noutput:\n  - 3\nforward: return x;\n"),
        ("modules", Block + "modules:\n  a: dim + 1\n  b: { repeat: 3 }\n  c: { when: dim > 1, uses: norm(dim) }\n  d: { block: norm(dim), as: i }\n  e: \"dim > 1 ? norm(dim) : 3\"\n  f: { repeat: 3, as: 2i, block: norm(dim), name: layer }\n  g: 'x'\n  h: [norm(dim), 3]\nforward: return x;\n"),
        ("forward", Block + "forward: |\n  x = norm(x)\n  while (true) { }\n---\nblock: g(int a)\ninput: x[B]\nforward: |\n  norm(x);\n  x[0] = 3;\n  throw x;\n  return new X();\n---\nblock: h(int a)\ninput: x[B]\nforward: \"\"\n"),
    ];

    public static readonly (string Name, string Text)[] Architectures =
    [
        ("params", "arch: a\ninput: x[B]\nparams:\n  a: True\n  b: 2 * 3\n  c: []\n  d: [1, [2]]\n  e: [1, x]\n  f: { a: 1 }\n  g: avg max\n  h: int 2.5\n  i: int[] 3\n  j: 99999999999999999999\n  k: 1,000\nstem: f(2)\n"),
        ("variants", "arch: a\ninput: x[B]\nparams:\n  dim: 96\n  depths: [2, 2]\n  rate: 0.1\n  norm: layer_norm\n  pool: \"avg\"\n  bias: true\nvariants:\n  v1: { dims: 3, depth: [1] }\n  v2: { dim: 4.5, depths: 3, rate: x, norm: 3, pool: 4, bias: 1 }\n  v3: { depths: [1, 2.5], pool: max, rate: 1, norm: \"batch_norm(eps: 3\" }\n  v4: 3\n  v5:\nstem: f(2)\n"),
        ("stages", "arch: a\ninput: x[B]\nstages:\n  name: layer {\n  depth: 3\n---\nblock: b(int a)\ninput: x[B]\nforward: return x;\n"),
        ("stages without depth", "arch: a\ninput: x[B]\nstages:\n  count: 4\n  as: 3\n  block: f(i)\n"),
        ("flat stages with more", "arch: a\ninput: x[B]\nstages:\n  name: my stages\n  count: 4\n  flat: yes\n  depth: 2\n  block: f(i)\n---\nblock: g(int a)\ninput: x[B]\nforward: return x;\n"),
        ("flat stages with downsample", "arch: a\ninput: x[B]\nstages:\n  count: 4\n  flat: true\n  downsample: g(i)\n  depth: 2\n  block: f(i)\n"),
        ("child of stages twice", "arch: a\ninput: x[B]\nstages:\n  count: 4\n  depth: 2\n  block: f(i)\n  blocks: g(i)\n"),
        ("empty stages", "arch: a\ninput: x[B]\nstages:\n  count: 4\n"),
        ("features and init", "arch: a\ninput: x[B]\nstem: f(2)\nfeatures: { off: a, as: x + }\ninit:\n  weight: zeros\n  linear.: zeros\n  linear.bias: zeros(\n"),
        ("uses", "arch: a\nuse: [attention, attention, 'a b', { c: d }]\ninput: x[B]\nstem: f(2)\n"),
        ("search", "arch: a\ninput: x[B]\nparams:\n  dim: 96\n  depths: [2, 2]\n  rate: 0.1\n  pool: \"avg\"\nsearch:\n  dims: [1, 2]\n  depths[2]: [1, 2]\n  depths[dim]: [1, 2]\n  dim[0]: [1, 2]\n  dim: { choice: [1], range: [1, 2] }\n  depths: { range: [1, 2] }\n  rate: { range: [0.4, 0.1], step: 0.1 }\n  pool: 3\n  depths[0]: { choice: [1, 2.5], step: 2 }\n  depths[1]: { range: [1, 2, 3], log: maybe }\n  rate + 1: [1]\nstem: f(2)\n"),
        ("search ranges", "arch: a\ninput: x[B]\nparams: { a: 1.0, b: 1.0, c: 1, d: 1 }\nsearch:\n  a: { range: [0, 1], log: true }\n  b: { range: [0.1, 1], step: 0 }\n  c: { range: [1, 2], step: 0.5 }\n  d: { range: [1, 2], step: 1, log: true }\nstem: f(2)\n"),
    ];
}
