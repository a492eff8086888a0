using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor fill_(Scalar value) => Ops.fill__Scalar.Self(this, value);
        public Tensor zero_() => Ops.zero_.Self(this);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Ops.copy_.Self(this, source, nonBlocking);
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) => Ops.normal_.Self(this, mean, std, generator);
        public Tensor uniform_(double from, double to, Generator? generator = null) => Ops.uniform_.Self(this, from, to, generator);
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Ops.bernoulli__float.Self(this, p, generator);
        public Tensor bernoulli_(Tensor p, Generator? generator = null) => Ops.bernoulli__Tensor.Self(this, p, generator);
        public Tensor exponential_(double lambda = 1, Generator? generator = null) => Ops.exponential_.Self(this, lambda, generator);
        public Tensor log_normal_(double mean = 0, double std = 1, Generator? generator = null) => Ops.log_normal_.Self(this, mean, std, generator);
        public Tensor cauchy_(double median = 0, double sigma = 1, Generator? generator = null) => Ops.cauchy_.Self(this, median, sigma, generator);
        public Tensor geometric_(double p, Generator? generator = null) => Ops.geometric_.Self(this, p, generator);
        public Tensor bernoulli(Generator? generator = null) => Ops.bernoulli.One(this, generator);
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) => Ops.multinomial.One(this, num_samples, replacement, generator);
        public Tensor poisson(Generator? generator = null) => Ops.poisson.One(this, generator);
        public Tensor random_(double from, double to, Generator? generator = null) => Ops.random__from.Self(this, (long)from, (long)to, generator);
    }
}
