using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Discrete Fourier transforms.</summary>
    public static class fft
    {
        private static readonly long[] s_last = [-2, -1];

        public static Tensor fft_(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) =>
            Ops.fft_fft.One(input, Count(n), dim, Name(norm));

        public static Tensor ifft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) =>
            Ops.fft_ifft.One(input, Count(n), dim, Name(norm));

        public static Tensor rfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) =>
            Ops.fft_rfft.One(input, Count(n), dim, Name(norm));

        public static Tensor irfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) =>
            Ops.fft_irfft.One(input, Count(n), dim, Name(norm));

        public static Tensor hfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) =>
            Ops.fft_hfft.One(input, Count(n), dim, Name(norm));

        public static Tensor ihfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) =>
            Ops.fft_ihfft.One(input, Count(n), dim, Name(norm));

        public static Tensor fft2(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) =>
            Ops.fft_fft2.One(input, s, dim ?? s_last, Name(norm));

        public static Tensor ifft2(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) =>
            Ops.fft_ifft2.One(input, s, dim ?? s_last, Name(norm));

        public static Tensor rfft2(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) =>
            Ops.fft_rfft2.One(input, s, dim ?? s_last, Name(norm));

        public static Tensor irfft2(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) =>
            Ops.fft_irfft2.One(input, s, dim ?? s_last, Name(norm));

        public static Tensor fftn(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) =>
            Ops.fft_fftn.One(input, s, dim, Name(norm));

        public static Tensor ifftn(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) =>
            Ops.fft_ifftn.One(input, s, dim, Name(norm));

        public static Tensor rfftn(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) =>
            Ops.fft_rfftn.One(input, s, dim, Name(norm));

        public static Tensor irfftn(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) =>
            Ops.fft_irfftn.One(input, s, dim, Name(norm));

        public static Tensor fftshift(Tensor input, long[]? dim = null) => Ops.fft_fftshift.One(input, dim);

        public static Tensor ifftshift(Tensor input, long[]? dim = null) => Ops.fft_ifftshift.One(input, dim);

        public static Tensor fftfreq(long n, double d = 1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Grad(Ops.fft_fftfreq.One(n, d, dtype ?? s_default, Arg.None, device), requires_grad);

        public static Tensor rfftfreq(long n, double d = 1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Grad(Ops.fft_rfftfreq.One(n, d, dtype ?? s_default, Arg.None, device), requires_grad);

        private static long? Count(long n) => n < 0 ? null : n;

        private static string Name(FFTNormType norm) => norm switch
        {
            FFTNormType.Backward => "backward",
            FFTNormType.Forward => "forward",
            _ => "ortho",
        };
    }
}
