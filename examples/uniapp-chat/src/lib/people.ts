import type { Conversation, Message } from '@whinchat/uniapp'

const TONES = 8

/** One of eight tones of the palette, always the same for one id. */
export function toneOf(id: string): number {
  let sum = 7
  for (const char of id) sum = (sum * 31 + char.codePointAt(0)!) >>> 0
  return sum % TONES
}

/** Two letters of two words, or one; a Chinese name shows its last two characters. */
export function initialsOf(name: string): string {
  const clean = name.replace(/^@TGS#/, '').trim()
  const han = [...clean].filter((char) => /\p{Script=Han}/u.test(char))
  if (han.length > 0) return han.slice(-2).join('')
  const words = clean.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  const letters = words.length > 1 ? [...words[0]!][0]! + [...words[1]!][0]! : [...(words[0] ?? '?')].slice(0, 1).join('')
  return letters.toUpperCase()
}

export function senderName(message: Message): string {
  return message.nameCard || message.friendRemark || message.nickName || message.sender
}

export function conversationName(conversation: Conversation | undefined, id: string): string {
  return conversation?.showName || id.replace(/^(c2c|group)_/, '')
}
