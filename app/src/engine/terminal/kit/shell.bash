# What interactive shells of the sandbox read. Nothing of the user's is read or written: history lives in the sandbox.
# It may be read several times by one shell. Prompts of nested shells come here too, by the exported PROMPT_COMMAND.

# Says how the last command ended, which shell this is, and in which namespace it stands; forks nothing.
__hopscope_prompt() {
    # The first prompt of a shell speaks of no command.
    if [[ ${__hopscope_shell-} != "$$" ]]; then
        __hopscope_shell=$$
        __hopscope_status=0
    fi
    printf '\e]133;D;%s;pid=%s\a\e]133;A;pid=%s\a' "$__hopscope_status" "$$" "$$" >&2
    local -
    { set +efux; } 2>/dev/null
    __hopscope_look
    # The name stands in a variable: what is in it is shown, never carried out.
    if [[ ${TERM-dumb} == dumb ]]; then
        PS1='${__hopscope_where}:\w\$ '
    else
        PS1='\[\e[1;36m\]${__hopscope_where}\[\e[0m\]:\w\$ '
    fi
    PS0='\e]133;C\a'
}

# Finds the name of the namespace that this shell stands in.
__hopscope_look() {
    local found strict=
    __hopscope_where=
    if [[ /proc/self/ns/net -ef /run/hopscope/net ]]; then
        __hopscope_where=host
        return
    fi
    if shopt -q failglob; then
        strict=yes
        shopt -u failglob
    fi
    for found in /run/netns/*; do
        if [[ /proc/self/ns/net -ef $found ]]; then
            __hopscope_where=${found##*/}
            __hopscope_where=${__hopscope_where//[^[:print:]]/?}
            break
        fi
    done
    if [[ $strict ]]; then
        shopt -s failglob
    fi
    if [[ ! $__hopscope_where ]]; then
        # The first shell there gives it its name, and hands it down to those that are started in it.
        if [[ ! /proc/self/ns/net -ef /proc/${HOPSCOPE_FIRST-none}/ns/net ]]; then
            export HOPSCOPE_FIRST=$$
        fi
        __hopscope_where="pid $HOPSCOPE_FIRST"
    fi
}

command_not_found_handle() {
    /run/hopscope/missing "$1"
    return 127
}

export PROMPT_COMMAND='__hopscope_status=$?; if declare -F __hopscope_prompt >/dev/null || . /run/hopscope/shell.bash 2>/dev/null; then __hopscope_prompt; fi'
export PS0='\e]133;C\a'
case ":$PATH:" in
*:/run/hopscope/bin:*) ;;
*) PATH=/run/hopscope/bin:$PATH ;;
esac
HISTFILE=/run/hopscope/history
HISTCONTROL=ignoredups
shopt -s checkwinsize histappend
alias ls='ls --color=auto' grep='grep --color=auto'
