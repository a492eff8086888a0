using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Binding;

/// <summary>What is known of a child where it is called.</summary>
/// <param name="Inputs">Its contract.</param>
/// <param name="Lists">For each result whether it is a list; null: not known yet.</param>
internal sealed record ChildSignature(EquatableArray<TensorContract> Inputs, EquatableArray<bool>? Lists);
