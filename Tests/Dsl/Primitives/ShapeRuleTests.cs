using Notochord.Dsl.Primitives;
using Notochord.Dsl.Shapes;

namespace Notochord.Tests.Primitives;

public class ShapeRuleTests
{
    [Theory]
    // Patterns.
    [InlineData("rearrange(f[B, H, W, C], \"b h w c -> b c h w\")", "[B, C, H, W]", "0")]
    [InlineData("rearrange(f[B, 4*H, 7*W, C], \"b (h p) (w q) c -> (b h w) (p q) c\", p=4, q=7)", "[B*H*W, 28, C]", "0")]
    [InlineData("rearrange(f[B, 3, 1, W], \"b c 1 w -> b (w c)\")", "[B, 3*W]", "0")]
    [InlineData("rearrange(f[2, 3, 4, 5], \"b ... c -> b c (...)\")", "[2, 5, 12]", "0")]
    [InlineData("reduce(f[B, C, H, W], \"b c h w -> b c\", \"mean\")", "[B, C]", "0")]
    [InlineData("reduce(f[B, 2*H, 2*W, C], \"b (h 2) (w 2) c -> b h w c\", \"max\")", "[B, H, W, C]", "0")]
    [InlineData("reduce(f[B, C, H, W], \"b c ... -> b c 1 1\", \"mean\")", "[B, C, 1, 1]", "0")]
    [InlineData("repeat(f[1, 5, C], \"1 n c -> b n c\", b=B)", "[B, 5, C]", "0")]
    [InlineData("repeat(f[h, w], \"h w -> (h 2) w 3\")", "[2*h, w, 3]", "0")]
    // Matrix products; MACs of ../shared/goldens/analysis: rows in out.
    [InlineData("linear(f[B, N, 96], f[384, 96], f[384])", "[B, N, 384]", "36864*B*N")]
    [InlineData("matmul(f[B, 3, N, 32], f[B, 3, 32, M])", "[B, 3, N, M]", "96*B*M*N")]
    [InlineData("matmul(f[7, N, 32], f[32])", "[7, N]", "224*N")]
    [InlineData("matmul(f[32], f[4, 32, 5])", "[4, 5]", "640")]
    [InlineData("matmul(f[32], f[32])", "[]", "32")]
    [InlineData("einsum(\"bhnd,bhmd->bhnm\", {f[B, 3, N, 32], f[B, 3, M, 32]})", "[B, 3, N, M]", "96*B*M*N")]
    [InlineData("attention(f[B, 3, N, 32], f[B, 3, M, 32], f[B, 3, M, 16], f[3, N, M])", "[B, 3, N, 16]", "144*B*M*N")]
    // Windows around each position: positions times keys times channels.
    [InlineData("neighborhood_qk(f[B, 2, 28, 28, 8], f[B, 2, 28, 28, 8], [7, 7], dilation=4)", "[B, 2, 28, 28, 49]", "614656*B")]
    [InlineData("neighborhood_qk(f[B, N, 8], f[B, N, 8], 5, border=\"zero\")", "[B, N, 5]", "40*B*N")]
    [InlineData("neighborhood_av(f[B, T, H, W, 27], f[B, T, H, W, 8], [3, 3, 3], causal=[1, 0, 0], border=\"zero\")", "[B, T, H, W, 8]", "216*B*H*T*W")]
    [InlineData("neighborhood_index(H, 7, border=\"zero\")", "[H, 7]", "0")]
    // Scans: two multiply-adds for each state of each channel and position, a third with windows.
    [InlineData("selective_scan(f[B, 384, L], f[B, 384, L], f[384, 16], f[B, 16, L], f[B, 16, L])", "[B, 384, L]", "12288*B*L")]
    [InlineData("selective_scan(f[B, 384, L], f[B, 384, L], f[384, 16], f[B, 2, 16, L], f[B, 2, 16, L], i[2, L], 8)", "[B, 384, L]", "18432*B*L")]
    [InlineData("state_space_duality(f[B, L, 12, 64], f[B, L, 12], f[B, L, 2, 16], f[B, L, 2, 16])", "[B, L, 12, 64]", "24576*B*L")]
    // Convolutions: out elements times weight[1:] elements.
    [InlineData("conv2d(f[1, 3, 224, 224], f[64, 3, 7, 7], stride=2, padding=3)", "[1, 64, 112, 112]", "118013952")]
    [InlineData("conv2d(f[B, 96, H, W], f[96, 1, 7, 7], f[96], padding=3, groups=96)", "[B, 96, H, W]", "4704*B*H*W")]
    [InlineData("conv2d(f[B, 3, 4*H, 4*W], f[96, 3, 4, 4], f[96], stride=4)", "[B, 96, H, W]", "4608*B*H*W")]
    [InlineData("conv2d(f[1, 8, 32, 32], f[8, 8, 3, 3], dilation=2)", "[1, 8, 28, 28]", "451584")]
    [InlineData("conv1d(f[B, 8, 9], f[8, 1, 4], f[8], padding=3, groups=8)", "[B, 8, 12]", "384*B")]
    [InlineData("conv3d(f[1, 3, 4, 8, 8], f[5, 3, 2, 4, 4], stride=[2, 4, 4])", "[1, 5, 2, 2, 2]", "3840")]
    [InlineData("conv2d_same(f[1, 3, 225, 224], f[24, 3, 3, 3], stride=2)", "[1, 24, 113, 112]", "8201088")]
    [InlineData("conv_transpose2d(f[1, 8, 5, 6], f[8, 4, 2, 2], stride=2)", "[1, 4, 10, 12]", "3840")]
    [InlineData("conv_transpose2d(f[1, 8, 5, 5], f[8, 4, 3, 3], stride=2, padding=1, output_padding=1)", "[1, 4, 10, 10]", "7200")]
    [InlineData("unfold(f[B, 4, 8, 8], 3, padding=1)", "[B, 36, 64]", "0")]
    // Pools.
    [InlineData("max_pool2d(f[1, 64, 112, 112], 3, stride=2, padding=1)", "[1, 64, 56, 56]", "0")]
    [InlineData("max_pool2d(f[1, 64, 55, 55], 3, 2, ceil_mode=true)", "[1, 64, 27, 27]", "0")]
    [InlineData("max_pool2d(f[1, 64, 6, 6], 3, 2, ceil_mode=true)", "[1, 64, 3, 3]", "0")]
    [InlineData("avg_pool2d(f[1, 4, 5, 5], 2, 2, padding=1, ceil_mode=true)", "[1, 4, 3, 3]", "0")]
    [InlineData("avg_pool2d(f[B, C, 8, 8], [2, 4])", "[B, C, 4, 2]", "0")]
    [InlineData("max_pool3d(f[B, 64, 16, 80, 80], [2, 3, 3], stride=2, padding=[0, 1, 1])", "[B, 64, 8, 40, 40]", "0")]
    [InlineData("avg_pool3d(f[1, 4, 5, 5, 6], 2, ceil_mode=true)", "[1, 4, 3, 3, 3]", "0")]
    [InlineData("max_pool2d_same(f[1, 4, 7, 8], 2, 2)", "[1, 4, 4, 4]", "0")]
    [InlineData("adaptive_avg_pool2d(f[B, C, H, W], 1)", "[B, C, 1, 1]", "0")]
    // Values between positions.
    [InlineData("grid_sample(f[B, C, H, W], f[B, h, w, 2], padding=\"border\")", "[B, C, h, w]", "0")]
    [InlineData("grid_sample(f[B, C, T, H, W], f[B, 4, 5, 6, 3], \"nearest\", align_corners=true)", "[B, C, 4, 5, 6]", "0")]
    // Norms.
    [InlineData("layer_norm(f[B, N, C], f[C], f[C])", "[B, N, C]", "0")]
    [InlineData("batch_norm(f[B, C, H, W], f[C], f[C], f[C], f[C])", "[B, C, H, W]", "0")]
    [InlineData("group_norm(f[B, 32, H, W], 4, f[32], f[32])", "[B, 32, H, W]", "0")]
    // Arithmetic.
    [InlineData("add(f[B, N, C], f[C])", "[B, N, C]", "0")]
    [InlineData("mul(f[B, 1, C], f[7, 1])", "[B, 7, C]", "0")]
    [InlineData("sub(1, f[B])", "[B]", "0")]
    [InlineData("atan2(f[B, 1, C], i[7, 1])", "[B, 7, C]", "0")]
    [InlineData("epsilon(f[B, C])", "[]", "0")]
    [InlineData("where(b[N, N], f[B, 1, N], -1.5)", "[B, N, N]", "0")]
    // Reductions.
    [InlineData("mean(f[B, C, H, W], [2, 3])", "[B, C]", "0")]
    [InlineData("norm(f[B, C, H, W], 2, [-1], true)", "[B, C, H, 1]", "0")]
    [InlineData("sum(f[B, C])", "[]", "0")]
    [InlineData("argmax(f[B, C], -1)", "[B]", "0")]
    // Fourier transforms.
    [InlineData("rfft(f[B, C, H, 7], norm=\"ortho\")", "[B, C, H, 4, 2]", "0")]
    [InlineData("rfft(f[B, 14, 14, C], [1, 2])", "[B, 14, 8, C, 2]", "0")]
    [InlineData("irfft(f[B, 14, 8, C, 2], 14, [1, 2])", "[B, 14, 14, C]", "0")]
    [InlineData("irfft(f[B, C, W / 2 + 1, 2], W, -1)", "[B, C, W]", "0")]
    [InlineData("complex_mul(f[B, C, H, W, 2], f[C, H, W, 2])", "[B, C, H, W, 2]", "0")]
    [InlineData("fft_conv(f[B, C, L], f[C, 2*L - 1], origin=L - 1)", "[B, C, L]", "0")]
    [InlineData("fft_conv(f[B, 1, C, H, W], f[2, C, 7, 9], [3, 4], [3, 4])", "[B, 2, C, H, W]", "0")]
    [InlineData("dct(f[B, 14, 7, C], [1, 2])", "[B, 14, 7, C]", "2058*B*C")]
    [InlineData("idct(f[B, N], -1)", "[B, N]", "B*N*N")]
    [InlineData("hadamard(f[B, C, 64, W], [2, 3], \"sequency\")", "[B, C, 64, W]", "0")]
    // Structure.
    [InlineData("reshape(f[B, 12, 5], [B, -1, 4])", "[B, 15, 4]", "0")]
    [InlineData("permute(f[B, H, W, C], [0, 3, 1, 2])", "[B, C, H, W]", "0")]
    [InlineData("transpose(f[B, N, C], 1, 2)", "[B, C, N]", "0")]
    [InlineData("flatten(f[B, C, H, W], 2)", "[B, C, H*W]", "0")]
    [InlineData("squeeze(f[B, 1, C], 1)", "[B, C]", "0")]
    [InlineData("unsqueeze(f[B, C], -1)", "[B, C, 1]", "0")]
    [InlineData("expand(f[1, N, C], [B, -1, -1])", "[B, N, C]", "0")]
    [InlineData("expand(f[C], [B, N, C])", "[B, N, C]", "0")]
    [InlineData("pad(f[B, C, H, W], [0, 1, 2, 3])", "[B, C, H + 5, W + 1]", "0")]
    [InlineData("pixel_shuffle(f[B, 12, H, W], 2)", "[B, 3, 2*H, 2*W]", "0")]
    [InlineData("pixel_unshuffle(f[B, 3, 2*H, 2*W], 2)", "[B, 12, H, W]", "0")]
    [InlineData("interpolate(f[B, C, H, W], [14, 2*W], \"bicubic\")", "[B, C, 14, 2*W]", "0")]
    [InlineData("interpolate(f[B, C, L], 4*L, \"linear\")", "[B, C, 4*L]", "0")]
    [InlineData("interpolate(f[B, C, T, H, W], [8, 7, 7], \"trilinear\")", "[B, C, 8, 7, 7]", "0")]
    // Parts.
    [InlineData("cat({f[B, 1, C], f[B, N, C]}, 1)", "[B, N + 1, C]", "0")]
    [InlineData("stack({f[N], f[N]}, -1)", "[N, 2]", "0")]
    [InlineData("split(f[B, 7], [3, 4], 1)", "[B, 3] [B, 4]", "0")]
    [InlineData("chunk(f[B, N, 288], 3, -1)", "[B, N, 96] [B, N, 96] [B, N, 96]", "0")]
    [InlineData("unbind(f[2, B, N])", "[B, N] [B, N]", "0")]
    [InlineData("slice(f[B, N, C], 1, 1)", "[B, N - 1, C]", "0")]
    [InlineData("slice(f[B, N, C], -1, 0, -2)", "[B, N, C - 2]", "0")]
    [InlineData("select(f[B, N, C], 1, 0)", "[B, C]", "0")]
    [InlineData("select(f[B, N, C], 1, -1)", "[B, C]", "0")]
    [InlineData("take(f[169, 3], i[49, 49])", "[49, 49, 3]", "0")]
    [InlineData("gather(f[B, N], i[B, 4], 1)", "[B, 4]", "0")]
    [InlineData("one_hot(i[B], 10)", "[B, 10]", "0")]
    // Ranks, places, experts: the products of the experts that are chosen, not of all.
    [InlineData("topk(f[B, N, 8], 3)", "[B, N, 3] [B, N, 3]", "0")]
    [InlineData("topk(f[B, 9, N], 4, 1, largest=false)", "[B, 4, N] [B, 4, N]", "0")]
    [InlineData("sort(f[B, N], -2, descending=true)", "[B, N] [B, N]", "0")]
    [InlineData("scatter(f[B, 9, C], i[B, 4, C], f[B, 4, C], 1)", "[B, 9, C]", "0")]
    [InlineData("scatter_add(f[B, 9], i[B, N], f[B, N], -1)", "[B, 9]", "0")]
    [InlineData("expert_linear(f[B, N, 2, 32], f[6, 32, 48], i[B, N, 2], f[6, 48])", "[B, N, 2, 48]", "3072*B*N")]
    [InlineData("expert_linear(f[B, N, 1, 32], f[6, 32, 48], i[B, N, 2])", "[B, N, 2, 48]", "3072*B*N")]
    // Sources.
    [InlineData("zeros([2, n])", "[2, n]", "0")]
    [InlineData("arange(0, 7, 2)", "[4]", "0")]
    [InlineData("arange(n, 2*n)", "[n]", "0")]
    [InlineData("meshgrid({f[3], f[4]}, \"xy\")", "[4, 3] [4, 3]", "0")]
    [InlineData("tensor([1, 2.5, 3])", "[3]", "0")]
    public void Infers(string call, string shapes, string macs)
    {
        var calls = new Calls();
        var results = calls.Infer(call);
        Assert.Equal(shapes, string.Join(" ", results.Select(r => r.ToString())));
        var primitive = PrimitiveTable.Find(call[..call.IndexOf('(')])!;
        Assert.Equal(macs, primitive.Macs(calls.Site!).ToString());
        Assert.Equal(primitive.ResultCount?.Invoke(calls.Site!) ?? 1, results.Length);
    }

    [Theory]
    [InlineData("grid_sample(f[B, C, H, W], f[B, h, w, 3])", "Coordinates of a point of grid [B, h, w, 3]: 3 is not 2.")]
    [InlineData("grid_sample(f[B, C, W], f[B, w, 1])", "'x' of grid_sample has 4 or 5 axes, [B, C, H, W] or [B, C, T, H, W]; found [B, C, W].")]
    [InlineData("grid_sample(f[4, C, H, W], f[5, h, w, 2])", "Batch of x [4, C, H, W] and of grid [5, h, w, 2]: 4 is not 5.")]
    [InlineData("store(f[4], f[5])", "'state' [4] of store and its value [5]: 4 is not 5.")]
    [InlineData("linear(f[B, 96], f[384, 95])", "Last axis of [B, 96] and input channels of weight [384, 95]: 96 is not 95.")]
    [InlineData("linear(f[B, 96], f[384, 96], f[96])", "The bias of linear: 96 is not 384.")]
    [InlineData("matmul(f[B, 3], f[4, 5])", "Inner axes of [B, 3] and [4, 5]: 3 is not 4.")]
    [InlineData("conv2d(f[B, 3, H], f[8, 3, 3, 3])", "'x' of conv2d has 4 axes, [B, C, H, W]; found [B, 3, H].")]
    [InlineData("conv2d(f[B, 3, H, W], f[8, 3, 3, 3], groups=2)", "Channels of [B, 3, H, W] and of weight [8, 3, 3, 3] times 2 groups: 3 is not 6.")]
    [InlineData("conv2d(f[B, 3, 4, 4], f[8, 3, 7, 7])", "Convolution: the axis 4, with padding 0, and the window: 4 is less than 7.")]
    [InlineData("conv2d(f[B, 3, 4, 4], f[8, 3, 3, 3], stride=[1, 2, 3])", "'stride' of conv2d takes 1 or 2 integers; found 3.")]
    [InlineData("conv2d(f[B, 3, 4, 4], f[8, 3, 3, 3], stride=0)", "'stride' must be at least 1; found 0.")]
    [InlineData("max_pool2d(f[B, 3, 8, 8], 2, padding=2)", "Padding of a pool is at most half of its kernel; found padding 2 and kernel 2.")]
    [InlineData("group_norm(f[B, 30, H, W], 4)", "Channels of [B, 30, H, W] by groups: 30 is not a multiple of 4.")]
    [InlineData("softmax(f[B, N], 2)", "Axis 2 of softmax is outside a tensor with 2 axes.")]
    [InlineData("gelu(f[B], \"tan\")", "'approximate' of gelu is one of none, tanh; found 'tan'. Did you mean 'tanh'?")]
    [InlineData("add(f[B, 3], f[4])", "Axis 1 of [B, 3] and [4]: 3 is not 4.")]
    [InlineData("add(1, 2)", "One of the operands must be a tensor.")]
    [InlineData("where(f[3], 1, 2)", "The condition of where must be a tensor of booleans, such as x > 0.")]
    [InlineData("take(f[9, 3], f[4])", "'index' holds integers; cast(.., \"int\") makes some.")]
    [InlineData("permute(f[B, 3], [0, 0])", "'order' of permute names an axis twice: [0, 0].")]
    [InlineData("reshape(f[2, 3], [4, -1])", "Elements of [2, 3] by the sizes given: 6 is not a multiple of 4.")]
    [InlineData("slice(f[5], 0, 3, 7)", "Slice of axis 0 of [5], size and stop: 5 is less than 7.")]
    [InlineData("select(f[5], 0, 5)", "Axis 0 of [5] and the index plus 1: 5 is less than 6.")]
    [InlineData("unbind(f[N, 3])", "unbind needs an axis whose size is known at build time; it is N of [N, 3].")]
    [InlineData("cat({f[2, 3], f[2, 4]}, 0)", "Axis 1 of [2, 3] and [2, 4], joined along axis 0: 3 is not 4.")]
    [InlineData("einsum(\"ab,bc->ad\", {f[2, 3], f[3, 4]})", "'d' stands on the right side of \"ab,bc->ad\" only.")]
    [InlineData("cast(f[2], \"float64\")", "'type' of cast is one of float, int, bool; found 'float64'. Did you mean 'float'?")]
    [InlineData("dropout(f[2], 1.5)", "'p' is a probability, from 0 to 1; found 1.5.")]
    [InlineData("neighborhood_qk(f[B, 6, 6, 8], f[B, 6, 6, 8], [7, 3])", "Axis 1 of q [B, 6, 6, 8]: the axis, and kernel times dilation: 6 is less than 7.")]
    [InlineData("neighborhood_qk(f[B, 6, 8], f[B, 6, 8], 3, stride=4)", "Axis 1 of q [B, 6, 8]: the kernel, and the stride, which leaves no position out of its own window: 3 is less than 4.")]
    [InlineData("neighborhood_qk(f[6, 8], f[6, 8], [3, 3])", "'q' has one axis for each size of the kernel, here 2, and one after them; found [6, 8].")]
    [InlineData("neighborhood_qk(f[B, 6, 8], f[B, 7, 8], 3)", "Axis 1 of q [B, 6, 8] and k [B, 7, 8]: 6 is not 7.")]
    [InlineData("neighborhood_qk(f[B, 6, 8], f[B, 6, 8], 3, causal=2)", "'causal' is 1 for a causal axis, else 0; found 2.")]
    [InlineData("neighborhood_av(f[B, 9, 9, 49], f[B, 9, 9, 8], [7, 5])", "Last axis of weights [B, 9, 9, 49] and the keys of a window: 49 is not 35.")]
    [InlineData("neighborhood_index(9, 3, border=\"wrap\")", "'border' of neighborhood_index is one of clamp, zero; found 'wrap'.")]
    [InlineData("topk(f[B, 4], 5)", "Axis 1 of [B, 4] and 'k' of topk: 4 is less than 5.")]
    [InlineData("scatter(f[B, 9], i[B, 4], f[B, 3], 1)", "Axis 1 of index [B, 4] and source [B, 3]: 4 is not 3.")]
    [InlineData("scatter_add(f[2, 9], i[3, 4], f[3, 4], 1)", "Axis 0 of x [2, 9] and index [3, 4]: 2 is less than 3.")]
    [InlineData("scatter(f[B, 9], i[B, 4], i[B, 4], 1)", "x and source hold elements of one type; cast(.., \"float\") makes it so.")]
    [InlineData("scatter(f[B, 9], i[9], f[9], 1)", "x, index and source have the same axes; found [B, 9], [9] and [9].")]
    [InlineData("expert_linear(f[B, 31], f[6, 32, 48], i[B])", "Last axis of [B, 31] and input channels of weight [6, 32, 48]: 31 is not 32.")]
    [InlineData("expert_linear(f[B, 32], f[6, 32, 48], f[B])", "'index' holds integers; cast(.., \"int\") makes some.")]
    [InlineData("expert_linear(f[B, 32], f[6, 32, 48], i[B], f[6, 32])", "Output channels of bias [6, 32] and weight [6, 32, 48]: 32 is not 48.")]
    [InlineData("expert_linear(f[5, 2, 32], f[6, 32, 48], i[5, 1])", "The vectors of x [5, 2, 32] broadcast to the index [5, 1]; x has more of them.")]
    [InlineData("expert_linear(f[5, 2, 32], f[6, 32, 48], i[2])", "The vectors of x [5, 2, 32] broadcast to the index [2]; x has more of them.")]
    [InlineData("selective_scan(f[B, 8, L], f[B, 8, L], f[8, 4], f[B, 3, 4, L], f[B, 3, 4, L])", "Channels of u [B, 8, L], in groups: 8 is not a multiple of 3.")]
    [InlineData("selective_scan(f[B, 8, L], f[B, 8, L], f[8, 4], f[B, 5, L], f[B, 4, L])", "States of B [B, 5, L] and of A [8, 4]: 5 is not 4.")]
    [InlineData("selective_scan(f[B, 8, L], f[B, 8, L], f[8, 4], f[B, 4, L], f[B, 2, 4, L])", "Groups of B and of C: 1 is not 2.")]
    [InlineData("selective_scan(f[B, 8, 9], f[B, 8, 9], f[8, 4], f[B, 4, 9], f[B, 4, 9], f[9])", "'order' holds integers, the positions in the order of their visits; found [9].")]
    [InlineData("selective_scan(f[B, 8, 9], f[B, 8, 9], f[8, 4], f[B, 4, 9], f[B, 4, 9], i[3, 9])", "Rows of order [3, 9] and groups: 3 is not 1.")]
    [InlineData("selective_scan(f[B, 8, 9], f[B, 8, 9], f[8, 4], f[B, 4, 9], f[B, 4, 9], i[8])", "Positions of order [8] and of u [B, 8, 9]: 8 is not 9.")]
    [InlineData("selective_scan(f[B, 8, 9], f[B, 8, 9], f[8, 4], f[B, 4, 9], f[B, 4, 9], window=-1)", "'window' counts positions, 0 for none; found -1.")]
    [InlineData("state_space_duality(f[B, L, 12, 64], f[B, L, 12], f[B, L, 5, 16], f[B, L, 5, 16])", "Heads of x [B, L, 12, 64], in groups: 12 is not a multiple of 5.")]
    [InlineData("rfft(f[B, 8], [])", "A transform has at least one axis.")]
    [InlineData("irfft(f[B, 8, 2], 16)", "Axis 1 of [B, 8, 2] and the frequencies of size 16: 8 is not 9.")]
    [InlineData("complex_mul(f[B, 3], f[B, 2])", "Last axis of a [B, 3], complex pairs: 3 is not 2.")]
    [InlineData("fft_conv(f[B, C, 8], f[C, 5], origin=5)", "Axis -1 of weight [C, 5] and its origin plus 1: 5 is less than 6.")]
    [InlineData("fft_conv(f[B, C, 8], f[C, 9], circular=true)", "Axis -1 of [B, C, 8] and of the weight [C, 9] that goes round it: 8 is less than 9.")]
    [InlineData("fft_conv(f[B, 8, 8], f[5], [1, 2])", "'weight' of fft_conv has the axes of the convolution, at the same places from the end; found [5] for axis 1 of [B, 8, 8].")]
    [InlineData("hadamard(f[B, 56])", "The Hadamard transform is of a power of two; axis 1 of [B, 56] is 56. Pad it: pad(x, [0, more]).")]
    [InlineData("interpolate(f[B, C, L], 8)", "mode \"bilinear\" resizes 2 axes after batch and channels; x is [B, C, L].")]
    [InlineData("interpolate(f[B, C], 8)", "'x' of interpolate is [B, C, L], [B, C, H, W] or [B, C, D, H, W]; found [B, C].")]
    public void Explains(string call, string message) => Assert.Equal(message, Assert.Throws<ShapeException>(() => new Calls().Infer(call)).Message);

    [Fact]
    public void WhatTheInputDecidesBecomesAGuardOnce()
    {
        var calls = new Calls();
        var x = calls.Infer("rearrange(f[B, H, W, 96], \"b (h p) (w q) c -> b h w (p q c)\", p=2, q=2)")[0];
        Assert.Equal("[B, H/2, W/2, 384]", x.ToString());
        Assert.Equal(["H % 2 == 0", "W % 2 == 0"], calls.Guards.Select(g => g.ToString()));

        // The guards are facts from here on: the product of the parts is the whole, and no guard comes twice.
        var y = calls.Infer("rearrange(f[B, H/2, W/2, 384], \"b h w (p q c) -> b (h p) (w q) c\", p=2, q=2)")[0];
        Assert.Equal("[B, H, W, 96]", y.ToString());
        Assert.Equal(2, calls.Guards.Count);
    }

    [Fact]
    public void AConvolutionGuardsOnlyWhatAnInputCouldBreak()
    {
        var calls = new Calls();
        _ = calls.Infer("conv2d(f[B, 3, H, W], f[8, 3, 3, 3], padding=1)");
        Assert.Empty(calls.Guards);
        var x = calls.Infer("conv2d(f[B, 3, H, W], f[8, 3, 4, 4], stride=4)")[0];
        Assert.Equal(["H >= 4", "W >= 4"], calls.Guards.Select(g => g.ToString()));
        Assert.Equal("[B, 8, H/4, W/4]", x.ToString());
        _ = calls.Infer("conv2d(f[B, 8, H/4, W/4], f[8, 8, 3, 3], padding=1)");
        Assert.Equal(2, calls.Guards.Count);
        _ = calls.Infer("conv2d(f[B, 8, H/4, W/4], f[8, 8, 2, 2], stride=2)");
        Assert.Equal(["H/4 >= 2", "W/4 >= 2"], calls.Guards.Skip(2).Select(g => g.ToString()));
        Assert.True(calls.Facts.IsAtLeast(Dim.Symbol("H"), 8));
    }

    [Fact]
    public void ANeighbourhoodGuardsThatItsWindowFits()
    {
        var calls = new Calls();
        _ = calls.Infer("neighborhood_qk(f[B, H, W, 8], f[B, H, W, 8], [7, 5], dilation=[2, 1])");
        Assert.Equal(["H >= 14", "W >= 5"], calls.Guards.Select(g => g.ToString()));
        _ = calls.Infer("neighborhood_av(f[B, H, W, 35], f[B, H, W, 8], [7, 5], dilation=[2, 1])");
        Assert.Equal(2, calls.Guards.Count);
    }

    [Fact]
    public void EveryPrimitiveIsDescribed()
    {
        foreach (var p in PrimitiveTable.All)
        {
            Assert.EndsWith(".", p.Doc.TrimEnd(')'), StringComparison.Ordinal);
            Assert.Same(p, PrimitiveTable.Find(p.Name));
            Assert.All(p.Parameters.SkipWhile(a => a.Default is null), a => Assert.NotNull(a.Default));
        }
    }
}
