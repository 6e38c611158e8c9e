using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Http;

/// <summary>Short ways to say a <see cref="VendorAnswer{T}"/>, and to go on from one.</summary>
internal static class Answers
{
    public static VendorAnswer<T> Of<T>(T value) => new VendorAnswer<T>.Answered(value);

    public static VendorAnswer<T> Failed<T>(VendorFailure failure) => new VendorAnswer<T>.Failed(failure);

    public static VendorAnswer<T> Malformed<T>(string code, string message) => Failed<T>(new VendorFailure(VendorFailureKind.Malformed, code, message));

    /// <summary>Adds the value to a list; answers the failure when there is no value.</summary>
    public static VendorFailure? Into<T>(this VendorAnswer<T> answer, List<T> rows)
    {
        if (answer is VendorAnswer<T>.Failed failed) return failed.Failure;
        rows.Add(((VendorAnswer<T>.Answered)answer).Value);
        return null;
    }

    /// <summary>Goes on with the value; a failure stays the failure it is.</summary>
    public static VendorAnswer<TNext> Then<T, TNext>(this VendorAnswer<T> answer, Func<T, VendorAnswer<TNext>> next) => answer switch
    {
        VendorAnswer<T>.Answered answered => next(answered.Value),
        VendorAnswer<T>.Failed failed => Failed<TNext>(failed.Failure),
        _ => throw new InvalidOperationException("An answer is answered or failed."),
    };

    /// <summary>Goes on with the value; a failure stays the failure it is.</summary>
    public static async Task<VendorAnswer<TNext>> Then<T, TNext>(this Task<VendorAnswer<T>> answer, Func<T, Task<VendorAnswer<TNext>>> next) => await answer switch
    {
        VendorAnswer<T>.Answered answered => await next(answered.Value),
        VendorAnswer<T>.Failed failed => Failed<TNext>(failed.Failure),
        _ => throw new InvalidOperationException("An answer is answered or failed."),
    };

    /// <summary>Goes on with the value; a failure stays the failure it is.</summary>
    public static async Task<VendorAnswer<TNext>> Then<T, TNext>(this Task<VendorAnswer<T>> answer, Func<T, VendorAnswer<TNext>> next) => (await answer).Then(next);
}
