using System.Reflection;
using Microsoft.AspNetCore.Mvc;

namespace UsageBilling.Api.Problems;

/// <summary>A request that says itself what is wrong with it.</summary>
internal interface IChecked
{
    /// <summary>Everything that is wrong, not just the first.</summary>
    IEnumerable<FieldError> Check();
}

/// <summary>Rules that hold for a whole group of routes.</summary>
internal static class Checks
{
    private static readonly int[] Statuses = [400, 401, 403, 404, 409, 413, 415, 422, 429, 503];

    /// <summary>Answers 400 with every error when a request is not as it should be, before its handler runs. A misspelt filter would otherwise show everything.</summary>
    public static RouteGroupBuilder WithChecks(this RouteGroupBuilder group) => group.AddEndpointFilterFactory((handler, next) =>
    {
        var parameters = handler.MethodInfo.GetParameters().SelectMany(NamesOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return async context =>
        {
            var unknown = context.HttpContext.Request.Query.Keys.Where(name => !parameters.Contains(name)).Select(name => new FieldError(name, "Is not known here.")).ToList();
            if (unknown.Count > 0) return ProblemResult.Of(ProblemCode.ParameterUnknown, unknown);
            var errors = context.Arguments.OfType<IChecked>().SelectMany(request => request.Check()).ToList();
            return errors.Count > 0 ? ProblemResult.Of(ProblemCode.ValidationFailed, errors) : await next(context);
        };
    });

    /// <summary>Says in the OpenAPI document that every route may answer with problem details.</summary>
    public static RouteGroupBuilder WithProblems(this RouteGroupBuilder group)
    {
        foreach (var status in Statuses) group.WithMetadata(new ProducesResponseTypeAttribute(typeof(ProblemResource), status, "application/problem+json"));
        return group;
    }

    /// <summary>What a handler's parameter may be called in the address: its name, or those of the record it is.</summary>
    private static IEnumerable<string> NamesOf(ParameterInfo parameter) => parameter.IsDefined(typeof(AsParametersAttribute))
        ? parameter.ParameterType.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!.GetParameters().Select(NameOf)
        : [NameOf(parameter)];

    private static string NameOf(ParameterInfo parameter) => parameter.GetCustomAttribute<FromQueryAttribute>()?.Name ?? parameter.Name!;

    /// <summary>A text that must be there, without control characters.</summary>
    public static IEnumerable<FieldError> Text(string field, string? text, int most)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > most || text.Any(char.IsControl))
            yield return new(field, $"Must be a text of 1 to {most} characters without control characters.");
    }

    /// <summary>A text that may be absent.</summary>
    public static IEnumerable<FieldError> MaybeText(string field, string? text, int most) => string.IsNullOrEmpty(text) ? [] : Text(field, text, most);
}
