using System.Reflection;

namespace JobSystem.Tests.Tidy;

/// <summary>The name by which a compiler's documentation calls a member: <c>M:System.Guid.NewGuid</c>.</summary>
internal static class DocumentationId
{
    /// <summary>Of the types and all the public and protected members that an assembly declares.</summary>
    public static IEnumerable<string> In(Assembly assembly) => assembly.GetExportedTypes()
        .SelectMany(type => type.GetMembers(
                BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
                | BindingFlags.DeclaredOnly)
            .Select(member => Of(type, member))
            .Append($"T:{NameOf(type)}"))
        .OfType<string>();

    private static string? Of(Type type, MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"M:{NameOf(type)}.#ctor{Parameters(constructor)}",
        MethodInfo method => $"M:{NameOf(type)}.{method.Name}{Arity(method)}{Parameters(method)}",
        PropertyInfo property => $"P:{NameOf(type)}.{property.Name}",
        FieldInfo field => $"F:{NameOf(type)}.{field.Name}",
        _ => null,
    };

    private static string Arity(MethodInfo method) =>
        method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "";

    private static string Parameters(MethodBase method) => method.GetParameters() is { Length: > 0 } parameters
        ? $"({string.Join(',', parameters.Select(parameter => NameOf(parameter.ParameterType)))})"
        : "";

    private static string NameOf(Type type)
    {
        if (type.IsGenericParameter)
        {
            return $"{(type.DeclaringMethod is null ? "`" : "``")}{type.GenericParameterPosition}";
        }

        if (type.IsByRef)
        {
            return $"{NameOf(type.GetElementType()!)}@";
        }

        if (type.IsArray)
        {
            return $"{NameOf(type.GetElementType()!)}[]";
        }

        if (type is { IsGenericType: true, IsGenericTypeDefinition: false })
        {
            string name = NameOf(type.GetGenericTypeDefinition());
            return $"{name[..name.IndexOf('`')]}{{{string.Join(',', type.GetGenericArguments().Select(NameOf))}}}";
        }

        return (type.FullName ?? type.Name).Replace('+', '.');
    }
}
