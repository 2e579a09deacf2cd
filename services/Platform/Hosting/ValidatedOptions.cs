using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TaskRes.Platform.Hosting;

/// <summary>Options bound to a section and checked when the service starts; what is wrong is named by section and field.</summary>
public static class ValidatedOptions
{
    /// <summary>Binds <typeparamref name="T"/> to the section and checks its data annotations. A setting that does not exist is refused too. Idempotent.</summary>
    public static void AddValidatedOptions<T>(this IServiceCollection services, string section)
        where T : class
    {
        if (services.Any(service => service.ImplementationInstance is AnnotationValidation<T>)) return;
        services.AddSingleton<IValidateOptions<T>>(new AnnotationValidation<T>(section));
        services.AddOptions<T>().BindConfiguration(section, binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
    }

    private sealed class AnnotationValidation<T>(string section) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var faults = new List<ValidationResult>();
            return Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(faults.Select(fault => $"{section}:{string.Join(',', fault.MemberNames)}: {fault.ErrorMessage}"));
        }
    }
}
