using System.Text.Json;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Http;

/// <summary>What one attempt brought back.</summary>
internal abstract record WireAnswer
{
    private WireAnswer()
    {
    }

    /// <summary>A whole answer, whatever its status.</summary>
    public sealed record Received(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body, int? RetryAfterSeconds) : WireAnswer
    {
        private readonly Lazy<IReadOnlyList<string>> _errors = new(() => ErrorTexts.From(Body));

        /// <summary>The texts of the body's <c>errors</c> array; empty when it has none. Autotask explains its refusals there, with status 500.</summary>
        public IReadOnlyList<string> Errors => _errors.Value;

        public bool Succeeded => Status is >= 200 and < 300;

        /// <summary>The vendor failed and did not say why.</summary>
        public bool FailedUnexplained => Status >= 500 && Errors.Count == 0;

        public VendorAnswer<JsonElement> Json()
            => JsonFields.Parse(Body) is { } root ? Answers.Of(root) : Answers.Malformed<JsonElement>("answer_not_json", "The vendor's answer is not JSON.");
    }

    /// <summary>No whole answer. <paramref name="Left"/> is false only when the request certainly did not reach the vendor.</summary>
    public sealed record Lost(VendorFailure Failure, bool Left) : WireAnswer;
}
