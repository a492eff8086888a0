using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                inplace ? Ops.dropout_.Self(input, p, training) : Ops.dropout.One(input, p, training);

            /// <summary>Drops whole channels of [B, C, L].</summary>
            public static Tensor dropout1d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => FeatureDropout(input, p, training, inplace);

            /// <summary>Drops whole channels of [B, C, H, W].</summary>
            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => FeatureDropout(input, p, training, inplace);

            /// <summary>Drops whole channels of [B, C, D, H, W].</summary>
            public static Tensor dropout3d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => FeatureDropout(input, p, training, inplace);

            public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                inplace ? Ops.alpha_dropout_.Self(input, p, training) : Ops.alpha_dropout.One(input, p, training);

            public static Tensor feature_alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                inplace ? Ops.feature_alpha_dropout_.Self(input, p, training) : Ops.feature_alpha_dropout.One(input, p, training);

            private static Tensor FeatureDropout(Tensor input, double p, bool training, bool inplace) =>
                inplace ? Ops.feature_dropout_.Self(input, p, training) : Ops.feature_dropout.One(input, p, training);
        }
    }
}
