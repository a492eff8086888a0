namespace Notochord.Dsl.Tests.Instantiation;

/// <summary>Mistakes that only names, types, values or shapes show: each is found at its place, and says what was expected.</summary>
public class FindingsTests
{
    private const string Header = """
        block: probe(int dim, int heads = 2)
        input: x[B, dim, H, W]
        output: "[B, dim, H, W]"
        """;

    public static TheoryData<string, string, string> Cases => new()
    {
        { "unknown name", "forward: return x + y;", "4:21 NOTO0101 'y' is no variable, parameter or constant in scope." },
        { "unknown primitive", "forward: return gelo(x);", "4:17 NOTO0101 'gelo' is neither a module of probe nor a primitive. Did you mean 'gelu'?" },
        { "unknown block", "modules:\n  a: liner(dim, dim)\nforward: return a(x);", "5:6 NOTO0101 'liner' is no block in scope. Did you mean 'linear'?" },
        { "unknown argument", "modules:\n  a: conv2d(dim, dim, 3, pading=1)\nforward: return a(x);", "5:26 NOTO0103 conv2d has no parameter 'pading'; it is" },
        { "missing argument", "modules:\n  a: conv2d(dim)\nforward: return a(x);", "5:6 NOTO0103 conv2d needs 'out_channels', 'kernel'; it is" },
        { "wrong type", "modules:\n  a: conv2d(dim, dim, 1.5)\nforward: return a(x);", "5:23 NOTO0104 'kernel' of conv2d is int[]; found double." },
        { "condition on a size", "forward: |\n  if (H > 4) x = relu(x);\n  return x;", "5:7 NOTO0108 This is a size of the input; control flow may depend on parameters only." },
        { "condition on a tensor", "forward: |\n  if (x > 0) x = relu(x);\n  return x;", "5:7 NOTO0108 A condition may depend on parameters only, not on tensors. Use where(condition, a, b) to choose element by element." },
        { "no return", "forward: |\n  y = relu(x);", "5:3 NOTO0109 The code does not end with a return on every path." },
        { "division by zero", "define:\n  n: dim / (heads - 2)\nforward: return x;", "5:6 NOTO0107 This has no value: division by zero." },
        { "overflow", "define:\n  n: 9223372036854775807 + dim\nforward: return x;", "5:6 NOTO0107 This has no value: the result does not fit 64 bits." },
        { "index out of range", "define:\n  n: '[1, 2][heads]'\nforward: return x;", "5:7 NOTO0107 This has no value: element 2 of a list of 2." },
        { "channels", "modules:\n  a: conv2d(dim + 1, dim, 1)\nforward: return a(x);", "6:17 NOTO0201 a takes [B, in_channels=9, H, W]" },
        { "rank", "modules:\n  a: conv2d(dim, dim, 1)\nforward: return a(rearrange(x, \"b c h w -> b c (h w)\"));", "6:17 NOTO0201 a takes x[B, in_channels, H, W] (conv2d(" },
        { "broadcast", "forward: return x + rearrange(x, \"b (c two) h w -> b c (two h) w\", two=2);", "4:17 NOTO0201 Axis" },
        { "split that cannot be", "forward: return rearrange(x, \"b (c s) h w -> b c (s h) w\", s=3);", "4:17 NOTO0201" },
        { "pattern", "forward: return rearrange(x, \"b c h w -> b c h\");", "4:17 NOTO0203" },
        { "output", "modules:\n  a: conv2d(dim, 2 * dim, 1)\nforward: return a(x);", "3:10 NOTO0202 probe returns [B, 2*dim=16, H, W]: axis 1 is 2*dim=16, the output line says dim=8." },
        { "huge unroll", "forward: |\n  for (int i = 0; i < 1000000; i++) x = relu(x);\n  return x;", "5:3 NOTO0301 A loop of 1000000 rounds (at most 10000)." },
        { "huge repetition", "modules:\n  a: { repeat: 1000000, as: j, block: relu }\nforward: return a(x);", "5:6 NOTO0301 A repetition of 1000000 modules (0 to 10000 are allowed)." },
        { "itself", "modules:\n  a: probe(dim)\nforward: return a(x);", "1:8 NOTO0106 A block cannot contain itself: probe -> probe." },
        { "unused module", "modules:\n  a: conv2d(dim, dim, 1)\nforward: return x;", "5:3 NOTO0110 Module 'a' of probe is never called by its forward." },
        { "a result that nobody takes", "forward: |\n  _ = relu(x);\n  return x;", "5:3 NOTO0007 The only result is discarded; remove the statement." },
        { "an index that is missing", "forward: return x[];", "4:19 NOTO0006" },
        { "negative size", "parameters:\n  p: zeros[dim - 8]\nforward: return x + p;", "5:12 NOTO0201 An axis of 'p' would be dim - 8=0; it must be at least 1." },
        { "a parameter of integers", "parameters:\n  p: return arange(0, dim);\nforward: return x + p;", "5:3 NOTO0104 The parameter 'p' would hold integers or truth values, which cannot be trained. Compute it with cast(.., \"float\"), or declare a buffer." },
        { "unknown initialiser", "parameters:\n  p: zero[dim]\nforward: return x + p;", "5:6 NOTO0101 'zero' is no initialiser. Did you mean 'zeros'?" },
        { "slice", "forward: return x[.., 3..99];", "4:17 NOTO0201" },
        { "a signature of two kinds", "modules:\n  a: norms(dim, dim)\nforward: return a(x);\n---\nblock: norms(int dim, int n, block norm = batch_norm2d)\ninput: x[B, dim, H, W]\nmodules:\n  a: norm(dim)\n  b: inner(dim, norm)\nforward: return b(a(x));\n---\nblock: inner(int dim, block norm)\ninput: x[B, dim, H, W]\nmodules:\n  a: norm(dim, eps=1e-3)\nforward: return a(x);", "12:6 NOTO0103 'norm' is applied to (int) in one place and handed to a block that applies it to (int, eps: double); it must be one signature." },
        { "a block nobody uses", "modules:\n  a: unused(dim)\nforward: return a(x);\n---\nblock: unused(int dim, block norm = batch_norm2d)\ninput: x[B, dim, H, W]\nforward: return relu(x);", "8:30 NOTO0103 'norm' of unused is a block that none of its modules uses. Remove it, or use it in modules:." },
        { "stored into what is no state", "forward: return store(x, relu(x));", "4:23 NOTO0103 'state' of store is changed, so it must be a parameter or buffer of probe by its name." },
        { "stored with another shape", "parameters:\n  p: ones[dim]\nforward: return x + mean(store(p, relu(x)));", "6:26 NOTO0201 'value' of store is as 'state', [dim=8]; found [B, dim=8, H, W]." },
        { "inverse without names of the outputs", "forward: return -x;\ninverse: return x;", "3:10 NOTO0202 probe has an inverse, so its outputs need names: output: y1[..], y2[..]." },
        { "inverse of an output that is named as the input", "forward: return -x;\ninverse: |\n  y = 1;\n  return -x;", "7:10 NOTO0202 The inverse of probe returns inputs under their names (x); assign what it recovers to such a name and return that." },
        { "inverse that does not end", "forward: return -x;\ninverse: x = 1;", "5:10 NOTO0109 The inverse of probe ends with its one return: the inputs that it recovers, such as return (x1, x2)." },
        { "an index outside a list", "forward: |\n  xs = [x, relu(x)];\n  return xs[heads];", "6:13 NOTO0107 'xs' has no such part: element 2 of a list of 2." },
        { "a negative index", "forward: |\n  xs = [x];\n  return xs[-1];", "6:13 NOTO0107 'xs' has no such part: element -1 of a list of 1." },
        { "an index from the end, too far", "forward: |\n  xs = [x];\n  return xs[^2];", "6:13 NOTO0107 'xs' has no such part: element -1 of a list of 1." },
        { "a range outside a list", "forward: |\n  xs = [x];\n  return cat(xs[1..heads], 1);", "6:17 NOTO0107 'xs' has no such part: elements 1 to 2 of a list of 1." },
        { "an index of the input", "forward: |\n  xs = [x];\n  return xs[H];", "6:13 NOTO0108 This is a size of the input; control flow may depend on parameters only." },
        { "a spread of a tensor", "forward: |\n  xs = [..x];\n  return xs[0];", "5:9 NOTO0104 Only a list can be spread. Without '..' it is one element." },
        { "a spread of nothing", "forward: |\n  xs = [x, ..ys];\n  return xs[0];", "5:14 NOTO0101 'ys' is no variable, parameter or constant in scope." },
        { "a spread of a number", "forward: |\n  xs = [x, ..heads];\n  return xs[0];", "5:12 NOTO0104 Only a list can be spread." },
        { "a list within a list", "forward: |\n  xs = [x];\n  ys = [xs, x];\n  return ys[0];", "6:9 NOTO0104 A list within a list. '..xs' puts its elements here." },
        { "a list for a tensor", "forward: |\n  xs = [x];\n  return relu(xs);", "6:15 NOTO0104 A tensor is expected; 'xs' is a list of tensors. One of them is xs[i]; cat(xs, axis) joins them." },
        { "a call of several results for a tensor", "forward: return relu(chunk(x, 2, 1));", "4:22 NOTO0104 A tensor is expected; this gives a list of tensors. Give it a name and take one: parts[i]." },
        { "arithmetic on a list", "forward: |\n  xs = [x];\n  return xs + 1;", "6:10 NOTO0104" },
        { "a tensor for a list", "forward: return cat(x, 1);", "4:21 NOTO0104 'tensors' of cat is a list of tensors: [a, b], or the name of one." },
        { "an empty list joined", "forward: |\n  xs = [];\n  return cat(xs, 1);", "6:10 NOTO0103 A list of at least one tensor is needed." },
        { "lists of other shapes joined", "forward: |\n  xs = [x, mean(x, 1)];\n  return cat(xs, 1);", "6:10 NOTO0201 cat joins tensors with the same number of axes" },
        { "a tensor that becomes a list", "forward: |\n  for (int i = 0; i < 2; i++) x = [x, x];\n  return x;", "5:31 NOTO0104 'x' is a tensor outside this branch or loop and must stay one. Use another name." },
        { "a number that becomes a list", "forward: |\n  xs = [x];\n  xs = 3;\n  return xs[0];", "6:3 NOTO0104 'xs' is a list of tensors; it cannot become int." },
        { "returns of two kinds", "forward: |\n  if (heads > 1) return x;\n  return [x, x];", "6:3 NOTO0104 This return gives a list; another (line" },
        { "a list against the output line", "forward: return [x];", "3:10 NOTO0202 probe returns [B, dim=8, H, W]: the output line says one tensor." },
        { "foreach over a tensor", "forward: |\n  foreach (var y in x) x = y;\n  return x;", "5:21 NOTO0108" },
        { "foreach over a number", "forward: |\n  foreach (var y in heads) x = x * y;\n  return x;", "5:21 NOTO0104 foreach goes through a list; found int." },
        { "foreach hides a name", "forward: |\n  foreach (var x in [x, x]) y = x;\n  return x;", "5:3 NOTO0102 'x' hides another name." },
        { "a list that grows without end", "forward: |\n  xs = [x];\n  for (int i = 0; i < 20; i++) xs = [..xs, ..xs];\n  return xs[0];", "6:37 NOTO0301 A list of 16384 tensors (at most 10000)." },
        { "an element assigned", "forward: |\n  xs = [x];\n  xs[0] = relu(x);\n  return xs[0];", "6:3 NOTO0007 'xs[0]' on the left of '=' is not part of the language." },
        { "a list given for a tensor of a child", "modules:\n  a: conv2d(dim, dim, 1)\nforward: return a([x, x]);", "6:17 NOTO0201 a takes x[B, in_channels, H, W] (conv2d(" },
        { "a tensor given for a list of a child", "modules:\n  a: sum(2)\nforward: return a(x);\n---\nblock: sum(int n)\ninput: xs[n][B, C, H, W]\nforward: return xs[0] + xs[1];", "6:17 NOTO0201 a takes xs[n][B, C, H, W] (sum(n=2)); found [B, dim=8, H, W]." },
        { "another number of tensors", "modules:\n  a: sum(2)\nforward: return a([x, x, x]);\n---\nblock: sum(int n)\ninput: xs[n][B, C, H, W]\nforward: return xs[0] + xs[1];", "6:17 NOTO0201 a takes xs[n][B, C, H, W] (sum(n=2)); found a list of 3: [B, dim=8, H, W], [B, dim=8, H, W], [B, dim=8, H, W]." },
        { "another rank in a list", "modules:\n  a: sum(2)\nforward: return a([x, mean(x, 1)]);\n---\nblock: sum(int n)\ninput: xs[n][B, C, H, W]\nforward: return xs[0] + xs[1];", "6:17 NOTO0201 a takes xs[n][B, C, H, W] (sum(n=2)); found a list of 2:" },
        { "another size in a list", "modules:\n  a: sum([8, 9])\nforward: return a([x, x]);\n---\nblock: sum(int[] dims)\ninput: xs[i < len(dims)][B, dims[i], H, W]\nforward: return xs[0];", "6:17 NOTO0201 a takes [B, 9, H, W] (sum(dims=[8, 9])); found [B, dim=8, H, W]: axis 1 is" },
        { "none for what must be there", "modules:\n  a: sum\nforward: return a(x, none);\n---\nblock: sum\ninput: x[B, C, H, W], y[B, C, H, W]\nforward: return x + y;", "6:17 NOTO0201 a takes y[B, C, H, W] (sum()); found [B, dim=8, H, W], none." },
        { "what is absent is read", "modules:\n  a: sum\nforward: return a(x);\n---\nblock: sum\ninput: x[B, C, H, W], y?[B, C, H, W]\nforward: return x + y;", "10:17 NOTO0104 'y' is none here; 'if (y != none)' asks for it first." },
        { "asked for what is always there", "forward: |\n  if (x != none) x = relu(x);\n  return x;", "5:7 NOTO0104 'x' is always there; only an optional input (x?[..]) or a parameter with a condition can be none." },
        { "a list where a tensor is taken", "modules:\n  a: wrap(two)\nforward: return a(x);\n---\nblock: wrap(block inner)\ninput: x[B, C, H, W]\nmodules:\n  inner: inner()\nforward: return inner(x);\n---\nblock: two\ninput: x[B, C, H, W]\nforward: return [x, x];", "12:17 NOTO0104 inner (two()) gives a list of tensors; one tensor is taken. A block that a parameter brings gives a list where it is spread: [..inner(x)]" },
        { "a recursion that nothing ends", "modules:\n  a: \"dim > 0 ? probe(dim, heads + 1) : none\"\nforward: return a(x);", "1:8 NOTO0301 Blocks within blocks deeper than 64: probe contains itself and its condition does not end it." },
        { "a recursion over two blocks that nothing ends", "modules:\n  a: other(dim)\nforward: return a(x);\n---\nblock: other(int dim)\ninput: x[B, dim, H, W]\nmodules:\n  a: probe(dim)\nforward: return a(x);", "1:8 NOTO0106 A block cannot contain itself: probe -> other -> probe. With a condition that ends it, it can: levels > 1 ? tree(levels - 1) : leaf." },
        { "the mode as a value", "forward: |\n  n = training ? 2 : 1;\n  return n * x;", "5:7 NOTO0108 'training' is known when the model runs: it stands in the condition of an 'if' or a '?:' between tensors, in forward. What a model is made of depends on its parameters: declare one, such as bool aux = true." },
        { "the mode as an argument", "forward: return softmax(x, training ? 1 : 2);", "4:28 NOTO0108 'training' is known when the model runs" },
        { "the mode in define", "define:\n  n: \"training ? 2 : 1\"\nforward: return n * x;", "5:7 NOTO0108 'training' is known when the model runs" },
        { "the mode in modules", "modules:\n  a: \"training ? relu : none\"\nforward: return a(x);", "5:7 NOTO0108 'training' is known when the model runs" },
        { "the mode in a constant", "constants:\n  c: |\n    if (training) return linspace(0, 1, dim);\n    return linspace(0, 2, dim);\nforward: return x * rearrange(c, \"c -> c 1 1\");", "6:9 NOTO0108 'training' is known when the model runs" },
        { "the mode assigned", "forward: |\n  training = 1;\n  return x;", "5:3 NOTO0102 'training' asks in a condition whether the module is in training; it cannot be assigned." },
        { "the mode as a name", "modules:\n  training: relu\nforward: return training(x);", "5:3 NOTO0102 'training' asks in a condition of forward whether the module is in training; nothing else can have the name." },
        { "the mode in a limit", "forward: |\n  for (int i = 0; i < (training ? 1 : 2); i++) x = relu(x);\n  return x;", "5:24 NOTO0108 'training' is known when the model runs" },
        { "an output line that one mode does not keep", "modules:\n  a: conv2d(dim, 2 * dim, 1)\nforward: |\n  if (training) return a(x);\n  return x;", "3:10 NOTO0202 probe returns [B, 2*dim=16, H, W]: axis 1 is" },
        { "shapes of training that do not fit", "modules:\n  a: conv2d(dim + 1, dim, 1)\nforward: |\n  if (training) x = a(x);\n  return x;", "7:21 NOTO0201 a takes [B, in_channels=9, H, W]" },
        { "returns of two kinds by mode, in a block", "forward: |\n  if (training) return [x, x];\n  return x;", "6:3 NOTO0104 This return gives a tensor; another (line" },
        { "too many results", "forward: |\n  (a, b, c) = chunk(x, 2, 1);\n  return a;", "5:15 NOTO0103 chunk gives 2 results here; 3 are taken." },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_mistake_is_found_where_it_is(string what, string code, string expected)
    {
        const int linesBefore = 8;
        var findings = Declarations.Findings(Declarations.OneBlock("probe(dim)", Header + "\n" + code));
        // Cases count lines from the block's own first.
        var moved = findings.Select(f => int.Parse(f[..f.IndexOf(':', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture) - linesBefore + f[f.IndexOf(':', StringComparison.Ordinal)..]).ToList();
        Assert.True(moved.Exists(f => f.StartsWith(expected, StringComparison.Ordinal)), $"{what}: expected\n  {expected}\nfound\n  {string.Join("\n  ", moved)}");
    }

    private const string Invertible = """
        block: probe(int dim)
        input: x1[B, dim, H, W], x2[B, dim, H, W]
        output: "y1[B, dim, H, W], y2[B, dim, H, W]"
        forward: |
          y1 = x1 + relu(x2);
          return (y1, x2 + relu(y1));

        """;

    public static TheoryData<string, string> Inverses => new()
    {
        { "inverse: |\n  x2 = y2 - relu(y1);\n  x1 = y1 - relu(x2);\n  return (x1, x2);", "" },
        { "inverse: |\n  x1 = y1 - relu(x2);\n  return x1;", "" },
        { "inverse: |\n  x2 = y2 - relu(y1);\n  return (x2, x2);", "9:15 NOTO0102 'x2' is recovered twice." },
        { "inverse: |\n  x2 = y2 - relu(x1);\n  x1 = y1 - relu(x2);\n  return (x1, x2);", "8:18 NOTO0101 'x1' is no variable, parameter or constant in scope." },
        { "inverse: |\n  x2 = mean(y2, -1);\n  x1 = y1;\n  return (x1, x2);", "2:26 NOTO0202 probe returns [B, dim=8, H]" },
    };

    [Theory]
    [MemberData(nameof(Inverses))]
    public void An_inverse_returns_inputs_as_they_were(string code, string expected)
    {
        const string Net = "arch: t\ninput: image[B, 8, H, W]\nmodules:\n  a: probe(8)\nforward: |\n  (u, v) = a(image, image);\n  return u + v;\n---\n";
        var linesBefore = Net.Count(c => c == '\n');
        var findings = Declarations.Findings(Net + Invertible + code);
        var moved = findings.Select(f => int.Parse(f[..f.IndexOf(':', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture) - linesBefore + f[f.IndexOf(':', StringComparison.Ordinal)..]).ToList();
        if (expected.Length == 0) Assert.Empty(moved);
        else Assert.True(moved.Exists(f => f.StartsWith(expected, StringComparison.Ordinal)), string.Join("\n", moved));
    }

    [Fact]
    public void All_mistakes_of_a_file_come_at_once()
    {
        var findings = Declarations.Findings(Declarations.OneBlock("probe(dim)", Header + """

            modules:
              a: conv2d(dim, dim, 3, pading=1)
              b: liner(dim, dim)
            forward: |
              y = gelo(x);
              return a(b(z));
            """));
        Assert.Equal(4, findings.Count);
    }

    [Fact]
    public void A_shape_error_tells_how_it_came_to_be()
    {
        var project = Declarations.Net(Declarations.OneBlock("probe(dim)", Header + """

            modules:
              widen: conv2d(dim, 3 * dim, 1)
              narrow: conv2d(2 * dim, dim, 1)
            forward: return narrow(relu(widen(x)));
            """));
        project.Check();
        var finding = Assert.Single(project.Diagnostics.Items);
        Assert.Contains("narrow takes [B, in_channels=16, H, W]", finding.Message, StringComparison.Ordinal);
        Assert.Contains(finding.Trail, t => t.Contains("widen gives [B, 3*dim=24", StringComparison.Ordinal));
        Assert.Contains(finding.Trail, t => t.Contains("block: probe(dim=8", StringComparison.Ordinal));
    }

    [Fact]
    public void A_declared_size_that_a_guard_refuses_is_an_error()
    {
        var findings = Declarations.Findings(Declarations.OneBlock("probe(dim)", Header + """

            forward: return rearrange(rearrange(x, "b c (h p) w -> b c h p w", p=7), "b c h p w -> b c (h p) w");
            """, "  dim: 8\n  img_size: 100"));
        Assert.Contains(findings, f => f.Contains("NOTO0204", StringComparison.Ordinal) && f.Contains("H % 7 == 0", StringComparison.Ordinal));
    }
}
